/** The few words that a notification needs beside the server's: the worker shows them, and has no room for all others. */
export const bell_words = {
  zh: { accept: '接单', navigate: '导航' },
  en: { accept: 'Accept', navigate: 'Navigate' },
}

/** For a push that nobody here can read: a browser that is not shown anything at all takes the bell away. */
export const UNREADABLE = '末梢 Moshao'

import { createApp } from 'vue'
import App from './App.vue'
import { recallClock } from './api/clock'
import { forgetSent } from './outbox/offering'
import { fetchAll, NotFetched } from './ui/later'
import { lookAsChosen } from './ui/looks'
import { startRouting } from './ui/routes'
import './ui/tokens.css'
import './ui/base.css'
import './ui/parts.css'
import { listenForPrompt } from './signin/installing'
import { speakAsChosen } from './signin/speaking'

async function start() {
  await Promise.all([speakAsChosen(), lookAsChosen()])
  await recallClock().catch(() => undefined)
  listenForPrompt()
  beginAnewOnReturn()
  startRouting()
  const app = createApp(App)
  app.config.errorHandler = (error) => {
    if (error instanceof NotFetched) return
    // As any other that nobody caught.
    setTimeout(() => {
      throw error
    })
  }
  app.mount('#app')
  await keepForOffline()
  await forgetSent()
}

/** What the browser kept of this page for the way back is old, and its database was closed: all else is on the disk. */
function beginAnewOnReturn() {
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload()
  })
}

/** The worker keeps the whole app; where there is none, an open page at least has all its screens before a basement. */
async function keepForOffline() {
  if (!import.meta.env.PROD) return
  try {
    await navigator.serviceWorker.register('/sw.js')
  } catch {
    await fetchAll()
  }
}

void start()

// When nothing else helps: all that waits, as a file that leaves the phone by any way there is (chat, cable, mail).
import { utf8 } from '../local/bytes'
import { zipped, type Entry } from '../local/zipping'
import { isoTime } from '../words/times'
import { fileNameOf, ownActs, photoBytes, photosOf } from './rows'

/** What the person at this phone did and has not sent, signatures and photos included; it stays in the outbox. */
export async function rescueFile(now = Date.now()): Promise<File> {
  const { acts } = await ownActs()
  const entries: Entry[] = [{ name: 'acts.json', bytes: utf8(JSON.stringify(acts, null, 1)) }]
  for (const act of acts) {
    for (const photo of await photosOf(act)) {
      entries.push({ name: `photos/${fileNameOf(photo)}`, bytes: new Uint8Array(await photoBytes(photo)) })
    }
  }
  const stamp = isoTime(now).slice(0, 16).replace(/[-:]/g, '').replace('T', '-')
  return new File([zipped(entries)], `moshao-${stamp}.zip`, { type: 'application/zip' })
}

/** Offers the file to other apps where the phone can share files, else saves it. */
export async function handOver(file: File): Promise<void> {
  const data = { files: [file] }
  if (navigator.canShare?.(data)) {
    try {
      return await navigator.share(data)
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return
    }
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = file.name
  // Not every engine follows a link that stands nowhere.
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

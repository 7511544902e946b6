// Reads a case to somebody whose glasses are at home. Only where this phone has a voice of the language: a Chinese
// text read by an English voice is noise.
import { shallowRef } from 'vue'

export const reading = shallowRef(false)

/** undefined: this phone has none. */
export function voiceFor(language: 'zh' | 'en', voices: Pick<SpeechSynthesisVoice, 'lang' | 'localService'>[]) {
  const own = voices.filter((voice) => voice.lang.toLowerCase().replace('_', '-').startsWith(language))
  // A voice of the phone itself speaks with no network, too.
  return own.find((voice) => voice.localService) ?? own[0]
}

/** Calls `found` now and whenever the list of voices changes: many engines load it late. Answers how to stop. */
export function watchVoices(found: (voices: SpeechSynthesisVoice[]) => void): () => void {
  const speech = globalThis.speechSynthesis as SpeechSynthesis | undefined
  if (!speech) return () => undefined
  const look = () => found(speech.getVoices())
  look()
  speech.addEventListener?.('voiceschanged', look)
  return () => speech.removeEventListener?.('voiceschanged', look)
}

export function readAloud(sentences: string[], voice: SpeechSynthesisVoice): void {
  stopReading()
  reading.value = true
  sentences.forEach((sentence, n) => {
    const said = new SpeechSynthesisUtterance(sentence)
    said.voice = voice
    said.lang = voice.lang
    said.rate = 0.9
    if (n === sentences.length - 1) said.onend = () => (reading.value = false)
    said.onerror = () => (reading.value = false)
    speechSynthesis.speak(said)
  })
}

export function stopReading(): void {
  reading.value = false
  ;(globalThis.speechSynthesis as SpeechSynthesis | undefined)?.cancel()
}

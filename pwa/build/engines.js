// The phone's built files must run on the oldest engine met in the street, Chrome 80: its syntax is the bundler's work,
// but what is called by name nobody translates. Which release brought a name: MDN browser-compat-data.
import { readFileSync, readdirSync } from 'node:fs'

const LATER = [
  [/\.at\(/, 'at, 92'],
  [/\.replaceAll\(/, 'replaceAll, 85'],
  [/\.(findLast|findLastIndex)\(/, 'findLast, 97'],
  // Vue wraps those that an array has, and calls none.
  [/(?<!\(this\))\.(toSorted|toReversed|toSpliced)\(/, 'copying array methods, 110'],
  [/\bObject\.(hasOwn|groupBy)\(/, 'Object.hasOwn, 93; groupBy, 117'],
  [/\bPromise\.(any|withResolvers|try)\(/, 'Promise.any, 85; withResolvers, 119'],
  [/\bArray\.fromAsync\(/, 'Array.fromAsync, 121'],
  [/\bAbortSignal\.(timeout|any|abort)\(/, 'AbortSignal.timeout, 103; any, 116'],
  [/\b(structuredClone|reportError)\(/, 'structuredClone, 98'],
  [/\brandomUUID\(/, 'randomUUID, 92'],
  [/\bnew (WeakRef|FinalizationRegistry|AggregateError|URLPattern|CompressionStream)\b/, 'WeakRef, 84; AggregateError, 85'],
  [/\.(replaceChildren|checkVisibility|showPopover|setHTMLUnsafe)\(/, 'replaceChildren, 86'],
  [/\bIntl\.(Segmenter|DurationFormat|supportedValuesOf)\b/, 'Intl.Segmenter, 87'],
  [/\.(arrayBuffer|stream)\(\)\.(bytes|textStream)\b|\.bytes\(\)/, 'bytes, 132'],
]
/** A rule with a selector the engine does not know is dropped whole; a property alone is only passed over. */
const LATER_CSS = [
  [/:(is|where)\(/, ':is, 88'],
  [/@(layer|container|scope|starting-style)\b/, '@layer, 99; @container, 105'],
  [/@media[^{]*[<>]/, 'media ranges, 104'],
  [/[{;](inset|translate|rotate|scale):/, 'inset, 87; translate, 104'],
  [/\b\d+[dsl]v[hw]\b/, 'dvh, 108'],
  [/\b(color-mix|light-dark|oklch|oklab)\(/, 'color-mix, 111'],
]

const ASSETS = 'dist/assets'
const files = [...readdirSync(ASSETS).map((name) => `${ASSETS}/${name}`), 'dist/sw.js']
const found = []
for (const file of files) {
  const rules = file.endsWith('.js') ? LATER : file.endsWith('.css') ? LATER_CSS : []
  const text = rules.length ? readFileSync(file, 'utf8') : ''
  for (const [pattern, what] of rules) {
    const at = text.search(pattern)
    if (at >= 0) found.push(`${file}: …${text.slice(Math.max(0, at - 30), at + 30)}… (${what})`)
  }
}
if (found.length) {
  console.error(`not in Chrome 80:\n${found.join('\n')}`)
  process.exitCode = 1
} else {
  console.log(`${files.length} built files name nothing newer than Chrome 80`)
}

// The first path loads its own words with it; a word that lies in the later ones would show there as nothing at all.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { en } from '../src/words/en'
import { first_zh } from '../src/words/first_zh'
import { zh } from '../src/words/zh'

const IMPORT = /^import (?!type )(?:[^'"]*? from )?['"](\.[^'"]+)['"]/gm
const SAID = /['`]([a-z_]+\.[a-z_0-9]*)(\$\{)?/g
const GROUPED = /\bword\('(\w+)'/g
const ALL = [...Object.keys(first_zh), ...Object.keys(zh)]

test('every word of the first path lies in its words', () => {
  const missing = firstFiles().flatMap((file) => wordsIn(file).filter((key) => !(key in first_zh)).map((key) => `${file}: ${key}`))
  expect(missing).toEqual([])
})

test('no word is there twice, and each in both languages', () => {
  expect(new Set(ALL).size).toBe(ALL.length)
  expect(Object.keys(en).sort()).toEqual([...ALL].sort())
})

/** What main.ts imports without waiting for somebody to need it. */
function firstFiles(): string[] {
  const found = new Set<string>()
  const look = (file: string) => {
    if (found.has(file)) return
    found.add(file)
    for (const [, source] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const target = [source!, `${source}.ts`].map((one) => resolve(dirname(file), one)).find(existsSync)
      if (target && /\.(ts|vue)$/.test(target)) look(target)
    }
  }
  look(resolve('src/main.ts'))
  return [...found]
}

function wordsIn(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const said = [...text.matchAll(SAID)].flatMap(([, key, open]) => ALL.filter((one) => (open ? one.startsWith(key!) : one === key)))
  const grouped = [...text.matchAll(GROUPED)].flatMap(([, group]) => ALL.filter((one) => one.startsWith(`${group}.`)))
  return [...said, ...grouped]
}

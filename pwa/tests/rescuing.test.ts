import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { becomeCurrent, type Identity } from '../src/local/identities'
import { crc32 } from '../src/local/zipping'
import { rescueFile } from '../src/outbox/rescuing'
import { openActs, photosOf } from '../src/outbox/rows'
import { hash } from './fake_server'
import { closed, emptyPhone, zhang } from './world'

let who: Identity

beforeEach(async () => {
  await emptyPhone()
  who = await zhang()
})

/** The archive as Python's own reader finds it, which checks every sum. */
async function unpacked(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'rescue-'))
  writeFileSync(join(folder, 'file.zip'), new Uint8Array(await (await rescueFile()).arrayBuffer()))
  execFileSync('python3', ['-m', 'zipfile', '-e', join(folder, 'file.zip'), folder])
  return folder
}

it('holds acts with their signatures and photos, byte for byte', async () => {
  const act = await closed(who, 'c1', 2, 300_000)
  const folder = await unpacked()
  expect(JSON.parse(readFileSync(join(folder, 'acts.json'), 'utf8'))).toMatchObject([{ wire: act.wire, signature: act.signature }])
  for (const photo of await photosOf(act)) {
    expect(hash(readFileSync(join(folder, 'photos', `${photo.photo_id}.jpg`)))).toBe(photo.sha256)
  }
  expect(await openActs()).toHaveLength(1)
})

it('holds nothing of another person', async () => {
  await closed(who, 'c1', 1)
  await becomeCurrent({ ...who, device_id: 'd2', staff_no: 'WC1002', person: { id: 'p2', name: '刘玉梅', role: 'handler' } })
  expect(JSON.parse(readFileSync(join(await unpacked(), 'acts.json'), 'utf8'))).toEqual([])
})

it('is named by the city’s clock', async () =>
  expect((await rescueFile(Date.parse('2026-11-23T18:40:00+08:00'))).name).toBe('moshao-20261123-1840.zip'))

it('sums as published (CRC-32 of "123456789")', () =>
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926))

import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ERAS } from './eras'
import { FakeServer } from './fake_server'

let database: typeof import('../src/local/database')

beforeEach(async () => {
  indexedDB = new IDBFactory()
  // Its connection is kept for the life of a page: each test is another page.
  vi.resetModules()
  database = await import('../src/local/database')
})

it('has rows of every version to try', () => {
  expect(ERAS).toHaveLength(database.MIGRATIONS.length + 1)
})

describe.each(ERAS.map((_rows, version) => version).slice(1))('a phone of version %d', (version) => {
  it('opens with all it had, untouched', async () => {
    await phoneOf(version)
    expect(await everything()).toEqual(ERAS[version])
    expect(await database.read(['nearby'], (rows) => rows.count('nearby'))).toBe(ERAS[version]!.nearby?.length ?? 0)
  })

  it('gives the next act the next number', async () => {
    await phoneOf(version)
    const { n: _n, ...act } = ERAS[version]!.outbox![0]!.value as { n: number }
    expect(await database.change(['outbox'], (rows) => rows.put('outbox', act))).toBe(2)
  })

  it('sends what waited on it', async () => {
    await phoneOf(version)
    const { sendWaiting } = await import('../src/outbox/sending')
    const server = new FakeServer()
    expect(await sendWaiting({ send: server.send }, true)).toBe('empty')
    expect(server.done).toEqual([(ERAS[version]!.outbox![0]!.value as { act_id: string }).act_id])
    expect(server.photos.size).toBe(1)
  })

  it('that died in the middle of the step to the next version is as it was', async () => {
    await phoneOf(version)
    const asked = indexedDB.open('moshao', version + 1)
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('half')
      asked.transaction!.abort()
    }
    await new Promise((resolve) => (asked.onerror = resolve))
    expect(await everything()).toEqual(ERAS[version])
  })
})

describe('a tab of the build before', () => {
  it('goes on where a newer build has added a store', async () => {
    await database.change(['settings'], (rows) => rows.put('settings', 'zh', 'language'))
    const newer = await opened(database.MIGRATIONS.length + 3, (found) => found.createObjectStore('of_tomorrow'))
    newer.close()
    await database.change(['settings'], (rows) => rows.put('settings', 'd1', 'current'))
    expect(await database.read(['settings'], (rows) => rows.all('settings'))).toEqual(['d1', 'zh'])
  })

  it('does not hold up the newer one', async () => {
    await database.read(['settings'], (rows) => rows.count('settings'))
    const newer = await opened(database.MIGRATIONS.length + 1, () => undefined)
    expect(newer.version).toBe(database.MIGRATIONS.length + 1)
    newer.close()
  })
})

it('lets go of everything in a page that is kept for the way back, for the page that comes after it', async () => {
  const heard = new Map<string, (event: { persisted: boolean }) => void>()
  vi.stubGlobal('addEventListener', (name: string, hear: () => void) => heard.set(name, hear))
  vi.resetModules()
  const kept = await import('../src/local/database')
  vi.unstubAllGlobals()
  const half = kept.change(['settings', 'outbox'], async (rows) => {
    await rows.put('settings', 'en', 'language')
    heard.get('pagehide')!({ persisted: true })
    await rows.put('settings', 'd1', 'current')
  })
  await expect(half).rejects.toThrow()
  expect(await database.read(['settings'], (rows) => rows.all('settings'))).toEqual([])
  const newest = await opened(database.MIGRATIONS.length + 1, () => undefined)
  newest.close()
  expect(await kept.read(['settings'], (rows) => rows.all('settings'))).toEqual([])
})

it('goes on to the end in a page that is left for good', async () => {
  const heard = new Map<string, (event: { persisted: boolean }) => void>()
  vi.stubGlobal('addEventListener', (name: string, hear: () => void) => heard.set(name, hear))
  vi.resetModules()
  const left = await import('../src/local/database')
  vi.unstubAllGlobals()
  await left.change(['settings'], async (rows) => {
    heard.get('pagehide')!({ persisted: false })
    await rows.put('settings', 'en', 'language')
  })
  expect(await database.read(['settings'], (rows) => rows.all('settings'))).toEqual(['en'])
})

it('says why it could not be opened, and opens when that is over', async () => {
  const open = vi.spyOn(indexedDB, 'open').mockImplementationOnce(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  await expect(database.read(['settings'], (rows) => rows.count('settings'))).rejects.toThrow('full')
  open.mockRestore()
  expect(await database.read(['settings'], (rows) => rows.count('settings'))).toBe(0)
})

async function phoneOf(version: number): Promise<void> {
  const old = await opened(version, (found, before) => {
    for (const migrate of database.MIGRATIONS.slice(before, version)) migrate(found)
  })
  const stores = Object.entries(ERAS[version]!)
  const transaction = old.transaction(stores.map(([name]) => name), 'readwrite')
  for (const [name, rows] of stores) for (const { key, value } of rows) transaction.objectStore(name).put(value, key)
  await new Promise((resolve) => (transaction.oncomplete = resolve))
  old.close()
}

/** As ERAS writes it. */
async function everything(): Promise<unknown> {
  const names = database.STORES
  const found = await database.read([...names], async (rows) =>
    Promise.all(names.map(async (name) => ({ name, keys: await rows.keys(name), values: await rows.all(name) }))),
  )
  const outside = ['settings', 'slices']
  return Object.fromEntries(
    found
      .filter(({ values }) => values.length > 0)
      .map(({ name, keys, values }) => [name, values.map((value, at) => (outside.includes(name) ? { key: keys[at], value } : { value }))]),
  )
}

function opened(version: number, upgrade: (database: IDBDatabase, before: number) => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open('moshao', version)
    asked.onupgradeneeded = (event) => upgrade(asked.result, event.oldVersion)
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error)
  })
}

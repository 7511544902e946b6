// The phone's own database. Three rules, each paid for by somebody's lost photos: bytes are ArrayBuffers and never
// Blobs (WebKit loses Blobs), rows are read by primary key, and nothing is done before the transaction is complete.

export const STORES = ['settings', 'identities', 'cases', 'drafts', 'outbox', 'sent', 'photos', 'slices', 'nearby'] as const

export type StoreName = (typeof STORES)[number]

const NAME = 'moshao'

/**
 * One step a version, never changed once released. A step adds stores, and leaves alone what stands: the build before
 * may be at work on it in a tab that was not closed since.
 */
export const MIGRATIONS: ((database: IDBDatabase) => void)[] = [
  (database) => {
    database.createObjectStore('settings')
    database.createObjectStore('identities', { keyPath: 'device_id' })
    database.createObjectStore('cases', { keyPath: 'id' })
    database.createObjectStore('drafts', { keyPath: 'case_id' })
    database.createObjectStore('outbox', { keyPath: 'n', autoIncrement: true })
    database.createObjectStore('sent', { keyPath: 'act_id' })
    database.createObjectStore('photos', { keyPath: 'photo_id' })
    database.createObjectStore('slices')
  },
  (database) => {
    database.createObjectStore('nearby', { keyPath: 'id' })
  },
]

let opened: Promise<IDBDatabase> | undefined
const running = new Set<IDBTransaction>()

// A page that its browser keeps as it is, for the way back, stands still in the middle of a transaction, and WebKit lets
// nobody else at those stores then: not even the page that came after it.
globalThis.addEventListener?.('pagehide', (event: Event & { persisted?: boolean }) => {
  if (!event.persisted) return
  running.forEach(abort)
  void opened?.then((connection) => connection.close())
  opened = undefined
})

/** Runs `work` in one transaction and answers once it is complete; strict: on disk, not only handed to the system. */
export function change<T>(stores: StoreName[], work: (rows: Rows) => Promise<T> | T): Promise<T> {
  return inTransaction(stores, 'readwrite', work)
}

export function read<T>(stores: StoreName[], work: (rows: Rows) => Promise<T> | T): Promise<T> {
  return inTransaction(stores, 'readonly', work)
}

async function inTransaction<T>(
  stores: StoreName[],
  mode: IDBTransactionMode,
  work: (rows: Rows) => Promise<T> | T,
): Promise<T> {
  const transaction = await begin(stores, mode)
  running.add(transaction)
  const complete = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => {
      running.delete(transaction)
      resolve()
    }
    transaction.onabort = () => {
      running.delete(transaction)
      // "Connection to Indexed Database server lost", says iOS: only a new connection helps.
      if (transaction.error?.name === 'UnknownError') opened = undefined
      reject(transaction.error ?? new DOMException('aborted', 'AbortError'))
    }
  })
  // Its failure is reported below; without this line a failing `work` would leave a second, unhandled one.
  complete.catch(() => undefined)
  let result: T
  try {
    result = await work(new Rows(transaction))
  } catch (error) {
    abort(transaction)
    throw error
  }
  await complete
  return result
}

async function begin(stores: StoreName[], mode: IDBTransactionMode): Promise<IDBTransaction> {
  const start = async () => (await database()).transaction(stores, mode, { durability: 'strict' })
  try {
    return await start()
  } catch (error) {
    // iOS closes connections under memory pressure without a word.
    if (!isNamed(error, 'InvalidStateError')) throw error
    opened = undefined
    return start()
  }
}

function database(): Promise<IDBDatabase> {
  opened ??= open(MIGRATIONS.length)
    .catch((error: unknown) => {
      // A newer build has been here: what it added does not concern this one.
      if (isNamed(error, 'VersionError')) return open()
      throw error
    })
    .catch((error: unknown) => {
      opened = undefined
      throw error
    })
  return opened
}

/** `version`: undefined for whatever there is. */
function open(version?: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, version)
    request.onupgradeneeded = (event) => {
      for (const migrate of MIGRATIONS.slice(event.oldVersion)) migrate(request.result)
    }
    request.onerror = () => reject(request.error ?? new DOMException('no database', 'UnknownError'))
    request.onsuccess = () => {
      const connection = request.result
      const forget = () => (opened = undefined)
      connection.onclose = forget
      connection.onversionchange = () => {
        connection.close()
        forget()
      }
      resolve(connection)
    }
  })
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // A failed request has aborted it already.
  }
}

/** Whether this is the browser's exception of that name. */
export function isNamed(error: unknown, name: string): boolean {
  return error instanceof DOMException && error.name === name
}

/** The rows of one running transaction: await nothing else between its calls, or the browser ends it. */
export class Rows {
  constructor(private readonly transaction: IDBTransaction) {}

  get<T>(store: StoreName, key: IDBValidKey): Promise<T | undefined> {
    return answered(this.store(store).get(key) as IDBRequest<T | undefined>)
  }

  all<T>(store: StoreName, range?: IDBKeyRange): Promise<T[]> {
    return answered(this.store(store).getAll(range) as IDBRequest<T[]>)
  }

  keys(store: StoreName, range?: IDBKeyRange): Promise<IDBValidKey[]> {
    return answered(this.store(store).getAllKeys(range))
  }

  count(store: StoreName): Promise<number> {
    return answered(this.store(store).count())
  }

  put(store: StoreName, value: unknown, key?: IDBValidKey): Promise<IDBValidKey> {
    return answered(this.store(store).put(value, key))
  }

  remove(store: StoreName, key: IDBValidKey | IDBKeyRange): Promise<undefined> {
    return answered(this.store(store).delete(key))
  }

  clear(store: StoreName): Promise<undefined> {
    return answered(this.store(store).clear())
  }

  private store(name: StoreName): IDBObjectStore {
    return this.transaction.objectStore(name)
  }
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new DOMException('request failed', 'UnknownError'))
  })
}

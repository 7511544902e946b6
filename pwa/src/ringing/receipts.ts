// What was shown and opened here, for the server to know whom it need not ring any further. Kept until it has heard it.
import { ask } from '../api/asking'
import { change, read } from '../local/database'

export interface Receipt {
  delivery_id: string
  receipt: 'shown' | 'opened'
}

declare module '../local/settings' {
  interface Settings {
    receipts: Receipt[]
  }
}

/** The oldest are let go: nobody waits for them any more. */
const KEPT = 100

/** Keeps it, and tells the server now if that can be reached; answers whether nothing is left to tell. */
export async function acknowledge(...receipts: Receipt[]): Promise<boolean> {
  await edit((kept) => [...kept.filter((one) => !receipts.some((other) => isSame(one, other))), ...receipts].slice(-KEPT))
  return sendReceipts()
}

/** Answers whether nothing is left to tell. */
export async function sendReceipts(): Promise<boolean> {
  for (const one of await keptReceipts()) {
    const answer = await ask(`/api/alerts/${one.delivery_id}/receipts/${one.receipt}`, { method: 'PUT' })
    if (answer.kind === 'silence') return false
    // What the server does not know, or no longer, it need not be told again.
    if (answer.kind === 'problem' && (answer.status >= 500 || answer.problem.retry)) return false
    await edit((kept) => kept.filter((other) => !isSame(one, other)))
  }
  return true
}

export function keptReceipts(): Promise<Receipt[]> {
  return read(['settings'], async (rows) => (await rows.get<Receipt[]>('settings', 'receipts')) ?? [])
}

async function edit(work: (kept: Receipt[]) => Receipt[]): Promise<void> {
  await change(['settings'], async (rows) => {
    await rows.put('settings', work((await rows.get<Receipt[]>('settings', 'receipts')) ?? []), 'receipts')
  })
}

function isSame(one: Receipt, other: Receipt): boolean {
  return one.delivery_id === other.delivery_id && one.receipt === other.receipt
}

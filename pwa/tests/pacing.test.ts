// How much is put on a network that comes and goes, told by a link on a clock of its own: ms and bytes.
import { expect, it } from 'vitest'
import { Pace, PART_BYTES } from '../src/outbox/pacing'

const BYTES_PER_MS = 50
const FAR_MS = 800
const DOWN_MS = 7_000

/** One photo after the other without an end, by a phone that asks where to go on after each cut. */
class Street {
  put = 0
  arrived = 0
  private now = 0
  private lost_at: number | undefined
  readonly pace = new Pace(() => this.now)

  /** The network is there for so long. */
  spell(up_ms: number): void {
    const cut = this.now + up_ms
    this.pace.begin()
    this.connect()
    if (this.lost_at !== undefined) this.pace.found('p', this.lost_at)
    this.lost_at = undefined
    while (this.now < cut && this.lost_at === undefined) this.sendOne(cut)
    this.now = cut + DOWN_MS
  }

  private connect(): void {
    const began = this.now
    this.now += 2 * FAR_MS
    this.pace.heard(began, 0)
    const again = this.now
    this.now += FAR_MS
    this.pace.heard(again, 0)
  }

  private sendOne(cut: number): void {
    const bytes = Math.floor(this.pace.most(false))
    if (bytes === 0) {
      this.now += Math.max(1, this.pace.waitMs())
      return
    }
    const began = this.now
    this.put += bytes
    this.pace.sent(bytes)
    const answered = began + bytes / BYTES_PER_MS + FAR_MS
    this.now = Math.min(answered, cut)
    if (answered <= cut) {
      this.arrived += bytes
      this.pace.heard(began, bytes)
      this.pace.answered(bytes)
      return
    }
    const got = Math.max(0, Math.min(bytes, Math.floor((cut - FAR_MS / 2 - began) * BYTES_PER_MS)))
    this.pace.unheard(began)
    this.pace.unanswered('p', this.arrived, bytes, false)
    this.arrived += got
    this.lost_at = this.arrived
  }
}

it('learns how long the network stays, and then loses hardly a byte', () => {
  const street = new Street()
  for (let n = 0; n < 4; n++) street.spell(5_000)
  const [put, arrived] = [street.put, street.arrived]
  for (let n = 0; n < 10; n++) street.spell(5_000)
  expect((street.put - put) / (street.arrived - arrived)).toBeLessThan(1.1)
  // Of what the link could carry once the phone knows where to go on.
  expect(street.arrived - arrived).toBeGreaterThan(0.4 * 10 * (5_000 - 3.5 * FAR_MS) * BYTES_PER_MS)
})

it('goes on where the network stays longer than it used to, in parts that grow', () => {
  const street = new Street()
  for (let n = 0; n < 5; n++) street.spell(5_000)
  const { arrived } = street
  street.spell(120_000)
  expect(street.arrived - arrived).toBeGreaterThan(0.6 * 110_000 * BYTES_PER_MS)
})

it('sends less where the network stays shorter than it used to', () => {
  const street = new Street()
  for (let n = 0; n < 5; n++) street.spell(9_000)
  street.spell(5_000)
  const [put, arrived] = [street.put, street.arrived]
  for (let n = 0; n < 5; n++) street.spell(5_000)
  expect((street.put - put) / (street.arrived - arrived)).toBeLessThan(1.1)
})

it('begins with small parts as long as it knows nothing', () => {
  expect(new Pace(() => 0).most(true)).toBe(PART_BYTES)
})

// What was asked for somebody ends with his stay at this phone: nothing may come in for the next one to read, and
// nothing may reach the server behind the end of the session, to be refused there.

let stay = new AbortController()

/** Aborts when whoever is at this phone now leaves it; between two persons nothing is asked for. */
export function untilHeLeaves(): AbortSignal {
  return stay.signal
}

export function endStay(): void {
  stay.abort()
}

/** Somebody comes. */
export function beginStay(): void {
  if (stay.signal.aborted) stay = new AbortController()
}

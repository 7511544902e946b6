import type { Nearby } from '../api/types'
import { keyOf, knownCatalogue, nameOf } from '../reports/classes'
import { t } from '../words/words'

/** What to call a case of which only the class is known, by the catalogue that lies on this phone. */
export async function knownNames(): Promise<(one: Nearby) => string> {
  const names = new Map((await knownCatalogue())?.classes.map((one) => [keyOf(one), nameOf(one)]))
  return (one) => names.get(keyOf(one)) ?? t('case.title_unknown')
}

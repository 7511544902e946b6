import { ask } from '../api/asking'
import { t } from '../words/words'

export type Secret = 'pin' | 'password'

/** Sets a new one; answers the sentence that says why not, '' when done. */
export async function changeSecret(which: Secret, old: string, fresh: string): Promise<string> {
  const body = JSON.stringify(which === 'pin' ? { password: old, pin: fresh } : { old, new: fresh })
  const answer = await ask(`/api/me/${which}`, { method: 'PUT', body })
  if (answer.kind === 'silence') return t('signin.no_network')
  return answer.kind === 'problem' ? answer.problem.title : ''
}

import { useActionData, useLocation, useRouteLoaderData } from 'react-router'
import type { FormState } from '../ui/form-state.ts'

/**
 * What the last form of this page was answered, or the form that was held while its sender signed in again. `state` is that of a
 * refused form; `more` is what an action answered besides.
 */
export function useAnswer<More = unknown>(): { state: FormState | undefined; more: More | undefined } {
  const { pathname } = useLocation()
  const answered = useActionData() as FormState | More | undefined
  const frame = useRouteLoaderData('pages/frame') as { held?: { path: string; state: FormState } } | undefined
  const held = frame?.held?.path === pathname ? frame.held.state : undefined
  if (typeof answered !== 'object' || answered === null) return { state: held, more: undefined }
  return {
    state: 'errors' in answered ? (answered as FormState) : undefined,
    more: answered as More,
  }
}

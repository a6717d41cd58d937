import { useOutletContext } from 'react-router'
import type { AccountShown } from './account-shown.ts'
import type { FootShown } from './record-foot.ts'

export type AccountHere = AccountShown & { readonly foot: FootShown }

/** The account whose tab this is. */
export function useAccount(): AccountHere {
  return useOutletContext<AccountHere>()
}

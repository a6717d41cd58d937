// Misbehaviour on request: the next N calls, or a share of them, of all kinds or of one, for everybody or for one customer.
import type { Shape } from './errors.ts'

export type FaultKind =
  | 'lose-answer'
  | 'lose-request'
  | 'delay'
  | 'throttle'
  | 'error-500'
  | 'error-502'
  | 'error-503'
  | 'refuse'
  | 'cart-busy'
  | 'bom'
  | 'html'
  | 'expire-token'
  | 'accepted'
  | SheetFault

/** What can be wrong with a price sheet. */
export type SheetFault =
  | 'truncated-zip'
  | 'cut-csv'
  | 'break-off'
  | 'missing-column'
  | 'csv-bom'
  | 'extra-column'
  | 'duplicates'
  | 'wrong-market'
  | 'two-entries'
  | 'zip-bomb'
  | 'lost-zeros'
  | 'bad-rows'

export type Fault = {
  readonly kind: FaultKind
  /** A name from the list of routes, `checkout` or `price-sheet` for instance. */
  readonly call?: string
  readonly customer?: string
  readonly market?: string
  /** How many calls are left; undefined for a standing fault. */
  times?: number
  /** For a standing fault: the share of calls it hits, 0 to 1. */
  readonly probability?: number
  readonly ms?: number
  readonly seconds?: number
  /** For `refuse`: what is answered. */
  readonly status?: number
  readonly code?: string
  readonly description?: string
  readonly shape?: Shape
  /** For `missing-column`: which one. */
  readonly column?: string
  /** For a file that ends too early: after how many bytes. */
  readonly bytes?: number
}

export type Target = {
  readonly call: string
  readonly customer?: string | undefined
  readonly market?: string | undefined
}

export type Faults = ReturnType<typeof faultList>

export function faultList() {
  let list: Fault[] = []
  return {
    add: (fault: Fault) => void list.push({ ...fault }),
    clear: () => void (list = []),
    list: () => list,
    /** The fault of this kind that hits this call; a counted one is used up by it. */
    hit(kind: FaultKind, target: Target): Fault | undefined {
      const found = list.find(
        (fault) =>
          fault.kind === kind &&
          (!fault.call || fault.call === target.call) &&
          (!fault.customer || fault.customer === target.customer) &&
          (!fault.market || fault.market === target.market) &&
          (fault.times === undefined ? Math.random() < (fault.probability ?? 1) : fault.times > 0),
      )
      if (found?.times !== undefined) {
        found.times -= 1
        if (found.times === 0) list = list.filter((fault) => fault !== found)
      }
      return found
    },
  }
}

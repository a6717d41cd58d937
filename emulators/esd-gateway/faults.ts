// Misbehaviour on request: the next N calls, or a share of them, of all operations or of one, for every SKU or one.
export type FaultKind = 'lose-answer' | 'delay' | 'throttle' | 'error-500' | 'error-503' | 'pending'
export type Operation =
  | 'token'
  | 'catalog'
  | 'account'
  | 'purchase'
  | 'get-purchase'
  | 'return'
  | 'get-return'
  | 'links'

export type Fault = {
  readonly kind: FaultKind
  readonly operation?: Operation
  readonly sku?: string
  /** How many calls are left; undefined for a standing fault. */
  times?: number
  /** For a standing fault: the share of calls it hits, 0 to 1. */
  readonly probability?: number
  readonly ms?: number
  readonly seconds?: number
  /** For `pending`: ends as Failed with this code instead of Completed. */
  readonly failWith?: string
}

export type Faults = ReturnType<typeof faultList>

export function faultList() {
  let list: Fault[] = []
  return {
    add: (fault: Fault) => void list.push(fault),
    clear: () => void (list = []),
    list: () => list,
    /** The fault of each kind that hits this call; a counted one is used up by it. */
    hit(kind: FaultKind, operation: Operation, sku?: string): Fault | undefined {
      const found = list.find(
        (fault) =>
          fault.kind === kind &&
          (!fault.operation || fault.operation === operation) &&
          (!fault.sku || fault.sku === sku) &&
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

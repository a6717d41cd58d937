// Everything an answer can depend on: what is remembered, what time it is here, who the partner is, how we were told to behave.
import { addMonths, DAY_MS, monthIndexOf } from './clock.ts'
import { type Faults, faultList } from './faults.ts'
import { guidOf } from './hash.ts'
import { regionNames } from './markets.ts'
import type { Store } from './store.ts'
import type { Answer, Call, Json } from './wire.ts'

export type Settings = {
  /** From checkout to the order's end. */
  provisioningSeconds: number
  /** How long an order is missing from the list of orders. */
  listDelaySeconds: number
  /** Cart prices against the sheet, in percent; for one product if named. */
  priceShiftPercent: number
  priceShiftProduct: string
  /** A refresh token dies when it was used. The first one, of the README, never does. */
  strictRefresh: boolean
  /** Header of the price sheets: by month, or always the one or the other. */
  header: 'auto' | '2022' | '2026'
  /** Rows of a software sheet at least; 0 for the ordinary size. Also `?rows=` on the address. */
  rows: number
  /** Where the partner is, and where it may sell. */
  country: string
  currency: string
  regions: string[]
}

const defaults: Settings = {
  provisioningSeconds: 2,
  listDelaySeconds: 900,
  priceShiftPercent: 0,
  priceShiftProduct: '',
  strictRefresh: false,
  header: 'auto',
  rows: 0,
  country: 'DE',
  currency: 'EUR',
  regions: regionNames.filter((name) => name !== 'China'),
}

export type World = ReturnType<typeof makeWorld>
export type Access = 'nobody' | 'anybody' | 'user'
export type Ask = {
  readonly world: World
  readonly call: Call
  readonly params: Readonly<Record<string, string>>
  readonly now: Date
}
export type Route = {
  readonly name: string
  readonly method: string
  readonly path: string
  /** Which token: none, one of either kind, one with a user behind it. */
  readonly access: Access
  readonly handle: (ask: Ask) => Answer
}

export function makeWorld(store: Store, seed: string) {
  const faults: Faults = faultList()
  const setting = (): Settings => ({ ...defaults, ...(JSON.parse(store.meta('settings') ?? '{}') as Json) })
  const offset = () => Number(store.meta('clock_offset_ms') ?? 0)
  const now = () => new Date(Date.now() + offset())
  return {
    store,
    seed,
    faults,
    partner: {
      tenantId: guidOf(seed, 'tenant'),
      partnerId: '6000001',
      clientId: guidOf(seed, 'client'),
      clientSecret: `demo-secret-${guidOf(seed, 'secret').slice(0, 8)}`,
      refreshToken: `demo-refresh-${guidOf(seed, 'refresh')}`,
    },
    settings: setting,
    change(more: Partial<Settings>): Settings {
      const changed = { ...setting(), ...more }
      store.setMeta('settings', JSON.stringify(changed))
      return changed
    },
    now,
    setClock(given: { now?: string; advanceMs?: number; days?: number; months?: number }): Date {
      let wanted = given.now ? new Date(given.now) : now()
      if (given.months) wanted = addMonths(wanted, given.months)
      wanted = new Date(wanted.getTime() + (given.days ?? 0) * DAY_MS + (given.advanceMs ?? 0))
      store.setMeta('clock_offset_ms', String(wanted.getTime() - Date.now()))
      return now()
    },
    /** The catalogue is reloaded with every month, and whenever it is asked to be. */
    epoch: () => `${monthIndexOf(now())}.${store.meta('rotations') ?? '0'}`,
    rotate: () => store.setMeta('rotations', String(Number(store.meta('rotations') ?? 0) + 1)),
  }
}

export const iso = (moment: Date | number): string => new Date(moment).toISOString().replace(/\.\d{3}Z$/, 'Z')

export function collection(items: unknown[], more: Json = {}): Answer {
  return {
    status: 200,
    body: { totalCount: items.length, items, links: {}, ...more, attributes: { objectType: 'Collection' } },
  }
}

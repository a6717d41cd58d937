// Price sheets come from the vendor by themselves: every day, for every market somebody is sold to. The same file as yesterday changes
// nothing; another one becomes a release that waits for a person to look at the comparison and to activate it.
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Outage, Refusal } from '#kernel/failure.ts'
import { type InstanceId, newId, type PriceSheetId } from '#kernel/ids.ts'
import { listCustomerCountries } from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import { listInstances } from '#modules/instances'
import {
  type FetchOutcome,
  listSheetMarkets,
  type PriceSheet,
  readPlace,
  type SheetPlace,
  saveAsked,
  saveOutcome,
} from '#modules/price-sheets'
import { listMarketsOfRules } from '#modules/pricing'
import { type Actor, assertMay, system } from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { openSubscriptionVendor } from '../provisioning/open-vendor.ts'
import { importSheet } from './import-sheet.ts'

export type Wanted = SheetPlace & { readonly instanceId: InstanceId }

export const fetchPriceSheet = job<App, Wanted>(
  'fetch-price-sheet',
  async (app, wanted) => void (await fetchSheet(app, system('price sheets'), wanted)),
  // A large market takes minutes; two at a time, because each is read as fast as the database writes.
  { expireInSeconds: 1800, concurrency: 2, retryLimit: 5, mayBeStopped: true },
)

export const fetchAllPriceSheets = job<App, object>(
  'fetch-price-sheets',
  async (app) => void (await enqueueAll(app)),
  { concurrency: 1, cron: '40 4 * * *', mayBeStopped: true },
)

/** "Fetch now" for every market, or for one. Answers how many sheets are on their way. */
export async function requestSheets(
  app: Pick<App, 'db' | 'now' | 'connectors'>,
  actor: Actor,
  input: { readonly market?: string | undefined } = {},
): Promise<number> {
  assertMay(actor, 'manage-prices')
  const { market } =
    input.market === undefined ? input : readPlace({ market: input.market, month: monthAt(app) })
  const count = await enqueueAll(app, market)
  if (count === 0)
    throw new Refusal(
      'price-sheet/no-source',
      'No vendor of price sheets is in use. Activate an instance of Microsoft Partner Center first, or upload a file.',
    )
  await transaction(app.db, sellerScope, (tx) =>
    recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'price-sheet/fetch-requested',
      subjectType: 'price-sheet',
      subjectId: market ?? 'all',
      after: { sheets: count },
    }),
  )
  return count
}

/** Fetches one sheet and reads it in; undefined where the vendor has none. Either way it is written down what came of it. */
export async function fetchSheet(app: App, actor: Actor, wanted: Wanted): Promise<PriceSheet | undefined> {
  // Ids are in the order of their making: a release with a later one was made by this fetch.
  const begun = newId<PriceSheetId>()
  const write = (answer: FetchOutcome) =>
    transaction(app.db, sellerScope, (tx) => saveOutcome(tx, wanted, answer, app.now()))
  try {
    const sheet = await fetchAndImport(app, actor, wanted)
    await write(
      sheet ? { outcome: sheet.id > begun ? 'new' : 'same', sheetId: sheet.id } : { outcome: 'none' },
    )
    return sheet
  } catch (error) {
    const isTold = error instanceof Refusal || error instanceof Outage
    await write({
      outcome: 'failed',
      problem: isTold ? error.message : 'Something broke on our side; it has been logged.',
    })
    throw error
  }
}

async function fetchAndImport(
  app: App,
  actor: Actor,
  { instanceId, ...place }: Wanted,
): Promise<PriceSheet | undefined> {
  const vendor = await openSubscriptionVendor(app, instanceId)
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'price-sheet-'))
  try {
    const file = path.join(folder, 'sheet')
    const answer = await vendor.fetchSheet(place, file)
    if (answer.outcome === 'none') return undefined
    if (answer.outcome === 'refused') throw new Refusal(answer.code, answer.reason)
    const fileName = `${place.market}-${place.view}-${place.month}`
    return await importSheet(app, actor, { ...place, path: file, fileName, source: 'vendor' })
  } finally {
    await fs.rm(folder, { recursive: true, force: true })
  }
}

/** Sheets are published by calendar month, in UTC. */
function monthAt({ now }: Pick<App, 'now'>): string {
  return now().toZonedDateTimeISO('UTC').toPlainDate().toPlainYearMonth().toString()
}

async function enqueueAll(app: Pick<App, 'db' | 'now' | 'connectors'>, market?: string): Promise<number> {
  const month = monthAt(app)
  return transaction(app.db, sellerScope, async (tx) => {
    const sellers = new Set(
      app.connectors.filter((each) => each.sells === 'subscriptions').map(({ code }) => code),
    )
    const [instance] = (await listInstances(tx)).filter(
      (each) => each.state === 'active' && sellers.has(each.connector),
    )
    if (!instance) return 0
    const wanted = market
      ? [market]
      : [
          ...(await listCustomerCountries(tx)),
          ...(await listSheetMarkets(tx)),
          ...(await listMarketsOfRules(tx)),
        ]
    const runs = [...new Set(wanted)]
      .toSorted()
      .map((each): Wanted => ({ instanceId: instance.id, market: each, view: 'software', month }))
    await saveAsked(tx, runs, app.now())
    await enqueue(tx, fetchPriceSheet, runs)
    return runs.length
  })
}

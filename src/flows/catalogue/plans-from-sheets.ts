// Products and plans of software, as the price sheets in force name them (product.md S1): new ones are made, hidden and in the vendor's
// words; known ones follow the vendor's words and never touch the seller's; what no sheet names any more is discontinued. It is a
// catalogue run like an ESD vendor's, asked for by whoever puts a release in force, or by hand.
import { knownTerms } from '#kernel/term.ts'
import { recordAudit } from '#modules/audit'
import {
  applySheetsInForce,
  type CatalogueRunId,
  completeRun,
  lockCatalogueRun,
  saveCatalogueRun,
} from '#modules/catalogue'
import type { Instance } from '#modules/instances'
import { system } from '#modules/users'
import type { Tx } from '#platform/db.ts'
import type { App } from '../app.ts'

/** A run that has ended meanwhile changes nothing. */
export async function applySheets(
  app: Pick<App, 'now'>,
  tx: Tx,
  { runId, instance }: { readonly runId: CatalogueRunId; readonly instance: Instance },
): Promise<void> {
  const run = await lockCatalogueRun(tx, runId)
  if (run.state !== 'running') return
  const at = app.now()
  const { seen, unchanged } = await applySheetsInForce(tx, {
    runId,
    instanceId: instance.id,
    connector: instance.connector,
    country: instance.market?.country ?? '',
    terms: knownTerms,
    at,
  })
  await saveCatalogueRun(tx, completeRun(run, { seen, unchanged }, at))
  await recordAudit(tx, {
    at,
    actor: system('catalogue'),
    action: 'catalogue/applied',
    subjectType: 'instance',
    subjectId: instance.id,
    after: { runId, seen, unchanged, from: 'price sheets' },
  })
}

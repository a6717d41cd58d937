// Takes a file of keys for a plan of a pool (product.md E14): good rows are imported, wrong ones come back by line with the
// reason and as a file to correct and send again. The same file sent twice changes nothing.
import { Refusal } from '#kernel/failure.ts'
import { type Id, newId, type PlanId } from '#kernel/ids.ts'
import {
  countFreePoolKeys,
  insertPoolKeys,
  listAwaitingAssets,
  readKeyFile,
  type WrongPoolRow,
  wrongRowsFile,
} from '#modules/assets'
import { recordAudit } from '#modules/audit'
import { loadPlan } from '#modules/catalogue'
import { loadInstance } from '#modules/instances'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { provisionLicence } from '../provisioning/provision-licence.ts'

export type UploadedKeys = {
  readonly imported: number
  readonly wrong: readonly Pick<WrongPoolRow, 'line' | 'reason'>[]
  /** CSV with the wrong rows and their reasons; undefined when there are none. It holds keys: give it to the uploader only. */
  readonly correctionFile: string | undefined
  readonly free: number
}

export async function uploadPoolKeys(
  app: Pick<App, 'db' | 'now' | 'secrets'>,
  actor: Actor,
  input: { planId: PlanId; file: Uint8Array; fileName: string },
): Promise<UploadedKeys> {
  assertMay(actor, 'manage-catalogue')
  const { rows, wrong } = readKeyFile(input.file)
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const plan = await loadPlan(tx, input.planId)
    const instance = await loadInstance(tx, plan.instanceId)
    if (instance.keySource !== 'pool')
      throw new Refusal(
        'instance/not-a-pool',
        'Keys of this product come from the vendor; there is no pool to fill.',
      )
    const batch = newId<Id<'key batch'>>()
    const { known } = await insertPoolKeys(tx, app.secrets, plan.id, rows, batch, at)
    const refused = [
      ...wrong,
      ...known.map((row) => ({
        line: row.line,
        key: row.key,
        activationLink: row.activationLink ?? '',
        reason: 'This key is known already; it was not imported again.',
      })),
    ].sort((a, b) => a.line - b.line)
    const imported = rows.length - known.length
    if (imported > 0) {
      await recordAudit(tx, {
        at,
        actor,
        action: 'key-pool/uploaded',
        subjectType: 'plan',
        subjectId: plan.id,
        after: { batch, fileName: input.fileName.slice(0, 200), imported, refused: refused.length },
      })
      // Who waits longest is served first, and now; the others ask again by themselves.
      const waiting = await listAwaitingAssets(tx, plan.id, imported)
      await enqueue(
        tx,
        provisionLicence,
        waiting.map((assetId) => ({ assetId })),
      )
    }
    return {
      imported,
      wrong: refused.map(({ line, reason }) => ({ line, reason })),
      correctionFile: refused.length > 0 ? wrongRowsFile(refused) : undefined,
      free: await countFreePoolKeys(tx, plan.id),
    }
  })
}

// How documents are numbered from the next one on. Documents that are being issued are waited for; what is issued keeps its number, and
// no number a document has can come again.
import { invalid, Refusal } from '#kernel/failure.ts'
import { differences, recordAudit } from '#modules/audit'
import {
  checkedSeries,
  highestCounter,
  loadLegalEntity,
  lockNumberSeries,
  mayCollide,
  type NumberSeries,
  type SeriesInput,
  type SeriesKind,
  saveNumberSeries,
} from '#modules/invoicing'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

export async function changeNumberSeries(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: SeriesInput & { readonly kind: SeriesKind; readonly version?: number | undefined },
): Promise<NumberSeries> {
  assertMay(actor, 'manage-setup')
  const { startAt, ...wanted } = checkedSeries(input)
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const entity = await loadLegalEntity(tx)
    const { year } = at.toZonedDateTimeISO(entity.timeZone)
    const all = await lockNumberSeries(tx, entity.id)
    const before = all.find(({ kind }) => kind === input.kind)
    if (!before)
      throw new Refusal('number-series/not-found', 'There is no such number series.', { kind: input.kind })
    if (input.version !== undefined && input.version !== before.version)
      throw new Refusal(
        'state/changed-meanwhile',
        'Somebody else has changed this series meanwhile. Look at it again, then change it.',
      )
    if (all.some((other) => other !== before && mayCollide(other, wanted, year)))
      throw invalid({
        pointer: '/format',
        code: 'taken',
        message: 'The other series makes such numbers. Give this one letters of its own, such as INV or CRN.',
      })
    const isSameForm = wanted.format === before.format && wanted.restartsYearly === before.restartsYearly
    const ownYear = Math.max(year, before.year ?? year)
    const used = isSameForm ? before.nextNumber - 1n : await highestCounter(tx, wanted.format, ownYear)
    const next = used + 1n
    if (startAt !== undefined && startAt !== next && used > 0n)
      throw invalid({
        pointer: '/startAt',
        code: 'not-free',
        message: `Documents have such numbers up to ${used}: the next is ${next}, so that none comes twice and none is left out.`,
      })
    const after: NumberSeries = {
      ...before,
      ...wanted,
      nextNumber: startAt ?? next,
      year: wanted.restartsYearly ? (isSameForm ? before.year : ownYear) : undefined,
      version: before.version + 1,
    }
    await saveNumberSeries(tx, after)
    await recordAudit(tx, {
      at,
      actor,
      action: 'number-series/changed',
      subjectType: 'number-series',
      subjectId: input.kind,
      ...differences(facts(before), facts(after)),
    })
    return after
  })
}

const facts = ({ format, digits, restartsYearly, nextNumber }: NumberSeries) => {
  return { format, digits, restartsYearly, nextNumber }
}

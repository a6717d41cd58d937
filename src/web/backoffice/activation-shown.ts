// What activating a release will do, in plain words: what it changes, and by itself what is lost.
import type { ActivationView } from '#views/price-sheets/activation.ts'
import { moneyDisplay, numberDisplay, percentDisplay } from '#web/format.ts'
import { monthWords } from './sheet-shown.ts'

export function activationShown(view: ActivationView) {
  const { faultCount, removed, withoutPrice } = view
  const lost = [
    removed ? `${counted(removed, 'price')} ${removed === 1 ? 'disappears' : 'disappear'}` : '',
    withoutPrice
      ? `${counted(withoutPrice, 'running subscription')} ${withoutPrice === 1 ? 'is' : 'are'} left without a price`
      : '',
  ].filter(Boolean)
  return {
    does: [...changeWords(view), ...renewalWords(view), ...basketWords(view), ...marginWords(view)],
    notKnown: unknownWords(view),
    lost: [
      ...(removed
        ? [`${lost[0]}: what ${removed === 1 ? 'it names' : 'they name'} cannot be sold any more.`]
        : []),
      ...(withoutPrice ? [`${lost.at(-1)} for the next term: they wait for one when it begins.`] : []),
      ...(faultCount > 0
        ? [
            faultCount === 1
              ? 'One row is wrong and is left out: what it names cannot be sold.'
              : `${numberDisplay(faultCount)} rows are wrong and are left out: what they name cannot be sold.`,
          ]
        : []),
    ],
    /** What has to be said besides; empty where nothing is lost. */
    consent: lost.length > 0 ? `Activate although ${lost.join(' and ')}` : '',
    faultCount,
    ok: faultCount === 0 ? 'Activate' : `Activate without ${faultCount === 1 ? 'it' : 'them'}`,
  }
}

export type ActivationShown = ReturnType<typeof activationShown>

const counted = (count: number, one: string) => `${numberDisplay(count)} ${one}${count === 1 ? '' : 's'}`

function changeWords({ inForce, comparison }: ActivationView): string[] {
  if (!inForce) return ['No release of this market is in force: every price of it is new.']
  if (!comparison) return []
  const parts = [
    comparison.added ? `${numberDisplay(comparison.added)} added` : '',
    comparison.changed ? `${numberDisplay(comparison.changed)} changed` : '',
    comparison.removed ? `${numberDisplay(comparison.removed)} removed` : '',
  ].filter(Boolean)
  const against = `Against ${monthWords(inForce.month)}`
  return [parts.length === 0 ? `${against} no price changes.` : `${against}, prices: ${parts.join(', ')}.`]
}

function renewalWords({ renewals, withoutPrice }: ActivationView): string[] {
  if (renewals === undefined) return []
  const priced = renewals - (withoutPrice ?? 0)
  return [
    priced === 0
      ? 'No running subscription renews at another price or cost.'
      : `${counted(priced, 'running subscription')} ${priced === 1 ? 'renews' : 'renew'} at another price or cost. Until then they keep what they have.`,
  ]
}

function basketWords({ baskets }: ActivationView): string[] {
  if (baskets === undefined) return []
  return [
    baskets === 0
      ? 'No open basket is priced anew.'
      : `${counted(baskets, 'open basket')} ${baskets === 1 ? 'is' : 'are'} priced anew.`,
  ]
}

function marginWords({ comparison, margins }: ActivationView): string[] {
  const { marginBefore = null, marginAfter = null } = comparison ?? {}
  return [
    ...(marginBefore === null || marginAfter === null || marginBefore === marginAfter
      ? []
      : [
          `The margin at retail prices goes from ${percentDisplay(marginBefore)} to ${percentDisplay(marginAfter)} on average.`,
        ]),
    ...margins
      .filter(({ before, after }) => before.amountMinor !== after.amountMinor)
      .map(
        ({ before, after }) =>
          `The margin of those renewals goes from ${moneyDisplay(before)} to ${moneyDisplay(after)}.`,
      ),
  ]
}

function unknownWords({ inForce, isCurrent, isWorkedOut, withoutPrice }: ActivationView): string {
  if (!inForce || (isCurrent && withoutPrice !== undefined)) return ''
  if (!isCurrent)
    return `What it changes was worked out against another release than that of ${monthWords(inForce.month)}, which is in force now. Try it out again to know.`
  return isWorkedOut === false
    ? 'Which renewals change is still being worked out.'
    : 'Which renewals change is not known: try it out first.'
}

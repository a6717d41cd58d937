// What Partner Center's codes mean for people: the reason and the way out, in plain words (partner-center.md 2.3, 7.2). Decided on
// the code, never on the vendor's own text, which may say anything. They are words for the seller's people: what a buyer reads of them is
// decided by the code too, in modules/failures.
import type { VendorRefusal } from '#modules/subscriptions'

type Reason = { readonly code: string; readonly reason: string; readonly isTemporary?: true }

const notForSale: Reason = {
  code: 'vendor/not-for-sale',
  reason:
    'Microsoft no longer sells this plan to this customer. Choose another plan; the next price sheet will say so too.',
}
const underReview: Reason = {
  code: 'vendor/under-review',
  reason: 'Microsoft is reviewing this customer and refuses orders meanwhile. Retry when the review is over.',
}
const creditLine: Reason = {
  code: 'vendor/credit-line',
  reason:
    'The seller’s credit line at Microsoft is too low for this order. It can be retried when it has been raised.',
}
const quantity: Reason = {
  code: 'vendor/quantity',
  reason: 'Microsoft does not allow this quantity for this customer. Order fewer licences.',
}
const closed: Reason = {
  code: 'vendor/window-closed',
  reason:
    'The time in which Microsoft accepts a cancellation is over. The automatic renewal can still be switched off.',
}
const term: Reason = {
  code: 'vendor/term',
  reason: 'Microsoft does not sell this term or billing plan for this product. Choose another plan.',
}
const customerData: Reason = {
  code: 'vendor/customer-data',
  reason:
    'Microsoft needs more of this customer: check the phone number and the registration number of the company.',
}

const reasons: Readonly<Record<string, Reason>> = {
  'sign-in': {
    code: 'vendor/sign-in-refused',
    reason:
      'Microsoft does not accept our sign-in. Check tenant, client ID, client secret and the audiences of the instance.',
  },
  'not-found': { code: 'vendor/not-found', reason: 'Microsoft does not know this record.' },
  unreadable: {
    code: 'vendor/wrong-address',
    reason:
      'Something answered that is not Microsoft Partner Center. Check the addresses of the instance and what stands before them.',
  },
  2030: {
    code: 'vendor/country',
    reason: 'We are not admitted to sell in this customer’s country. Ask Microsoft to admit us.',
  },
  2091: notForSale,
  800020: notForSale,
  800070: notForSale,
  400072: notForSale,
  400013: notForSale,
  400018: notForSale,
  400030: notForSale,
  400036: notForSale,
  20002: {
    code: 'vendor/no-relationship',
    reason:
      'This customer has not accepted us as its reseller at Microsoft. Send it the invitation of the sync options, then retry.',
  },
  13605: {
    code: 'vendor/agreement-missing',
    reason:
      'The Microsoft Customer Agreement has not been confirmed for this customer. Confirm it in the Sync Options, then retry.',
  },
  600049: customerData,
  600050: customerData,
  600051: customerData,
  600002: customerData,
  800010: {
    code: 'vendor/no-inventory',
    reason: 'Microsoft has none of this product left at the moment. Retry later.',
    isTemporary: true,
  },
  800017: quantity,
  800015: {
    code: 'vendor/reseller-unknown',
    reason: 'Microsoft does not know the reseller’s PartnerId. Correct it in the reseller’s Sync Options.',
  },
  800016: {
    code: 'vendor/reseller-not-indirect',
    reason: 'The reseller is not our indirect reseller at Microsoft. Check its PartnerId.',
  },
  800018: { code: 'vendor/sandbox-limit', reason: 'The limit of Microsoft’s sandbox is reached.' },
  800019: {
    code: 'vendor/not-cancellable',
    reason: 'Microsoft does not allow this product to be cancelled.',
  },
  800023: creditLine,
  800025: creditLine,
  900121: creditLine,
  800061: closed,
  800066: quantity,
  800067: quantity,
  800088: quantity,
  800089: quantity,
  800069: underReview,
  800073: underReview,
  800074: underReview,
  800075: underReview,
  800090: {
    code: 'vendor/quantity-fixed',
    reason: 'The quantity of a running subscription cannot change. Buy more as a new subscription.',
  },
  800095: {
    code: 'vendor/quantity-fixed',
    reason: 'The quantity of a running subscription cannot change. Buy more as a new subscription.',
  },
  800093: {
    code: 'vendor/no-auto-renew',
    reason: 'Microsoft does not renew this subscription automatically.',
  },
  800121: term,
  800122: term,
  900268: term,
  900269: term,
  900270: term,
  900117: closed,
  900213: closed,
  900214: closed,
  900257: closed,
  900123: {
    code: 'vendor/reseller-agreement',
    reason:
      'The reseller has not accepted the Microsoft Partner Agreement yet. It has to do so at Microsoft.',
  },
  900124: {
    code: 'vendor/own-agreement',
    reason: 'We have not accepted the Microsoft Partner Agreement yet. Somebody has to do so at Microsoft.',
  },
  900169: {
    code: 'vendor/currency',
    reason: 'Microsoft charges us in another currency for this customer. Check the currency of the instance.',
  },
  900203: {
    code: 'vendor/attestation',
    reason: 'Microsoft needs an attestation for this product that we cannot give.',
  },
  900206: {
    code: 'vendor/attestation',
    reason: 'Microsoft needs our attestation of the reseller on record.',
  },
  900275: quantity,
  900311: {
    code: 'vendor/too-many-changes',
    reason: 'This subscription was changed too often. Try again tomorrow.',
  },
  900329: {
    code: 'vendor/consent-missing',
    reason: 'Microsoft needs a person’s consent for this call. Renew it in the instance’s settings.',
  },
  27007: { code: 'vendor/promotion', reason: 'Microsoft no longer accepts the promotion of this line.' },
  10000: { code: 'vendor/currency', reason: 'Microsoft does not sell to this customer in this currency.' },
  10001: notForSale,
  10002: quantity,
  10003: {
    code: 'vendor/no-inventory',
    reason: 'Microsoft has none of this product left at the moment. Retry later.',
  },
  10004: {
    code: 'vendor/reseller-unknown',
    reason:
      'Microsoft does not accept a reseller on our orders. Check what kind of partner this instance is.',
  },
  10012: {
    code: 'vendor/attestation',
    reason: 'Microsoft needs an attestation for this product that we cannot give.',
  },
  10013: term,
  10014: { code: 'vendor/promotion', reason: 'Microsoft no longer accepts the promotion of this line.' },
  10015: quantity,
}

export function reasonOf(code: string): Reason {
  return (
    reasons[code] ?? {
      code: 'vendor/refused',
      reason: `Microsoft Partner Center refused with code ${code.slice(0, 40)}. Ask Microsoft with the request id of the attempt.`,
    }
  )
}

export function refusalOf(code: string): VendorRefusal {
  const known = reasonOf(code)
  return {
    outcome: 'refused',
    code: known.code,
    reason: known.reason,
    isTemporary: known.isTemporary ?? false,
  }
}

// What the vendor's error codes mean for people: the reason and the way out, in plain words. Never its own message, which
// may say anything. They are words for the seller's people: what a buyer reads of them is decided by the code, in modules/failures.
type Reason = { readonly code: string; readonly reason: string }

const reasons: Readonly<Record<string, Reason>> = {
  BAD_REQUEST: {
    code: 'vendor/bad-request',
    reason:
      'Microsoft ESD could not read the request. Check the details of the account and the product, then retry.',
  },
  UNREADABLE: {
    code: 'vendor/wrong-address',
    reason:
      'Something answered that is not Microsoft ESD. Check the Service URL of the instance and what stands before it.',
  },
  INVALID_TOKEN: {
    code: 'vendor/sign-in-refused',
    reason:
      'Microsoft ESD does not accept our sign-in. Check Resource API, tenant, client ID and certificate of the instance.',
  },
  CERTIFICATE_NOT_ALLOWED: {
    code: 'vendor/certificate-not-allowed',
    reason:
      'Microsoft ESD does not accept the certificate of this instance. Upload the certificate that is registered for it.',
  },
  CHANNEL_MISMATCH: {
    code: 'vendor/channel-mismatch',
    reason:
      'The channel ID of the instance does not belong to its client ID. Correct it in Applications Setup.',
  },
  COUNTRY_NOT_ALLOWED: {
    code: 'vendor/country-not-allowed',
    reason: 'This instance may not sell in its country. Choose the country that belongs to its client ID.',
  },
  NOT_FOUND: {
    code: 'vendor/not-found',
    reason: 'Microsoft ESD does not know this purchase.',
  },
  TRANSACTION_MISMATCH: {
    code: 'vendor/transaction-mismatch',
    reason:
      'Microsoft ESD already knows this purchase with other details. The account or product was changed after the first try; change it back and retry.',
  },
  ALREADY_REDEEMED: {
    code: 'vendor/already-redeemed',
    reason: 'The key has been redeemed; a redeemed licence cannot be returned.',
  },
  ALREADY_RETURNED: { code: 'vendor/already-returned', reason: 'This licence has been returned already.' },
  RETURN_WINDOW_CLOSED: {
    code: 'vendor/return-window-closed',
    reason: 'The time in which this licence could be returned is over.',
  },
  NOT_RETURNABLE: {
    code: 'vendor/not-returnable',
    reason: 'Microsoft ESD takes no returns of this product.',
  },
  SKU_UNKNOWN: {
    code: 'vendor/sku-unknown',
    reason:
      'Microsoft ESD does not know this product. Update the catalogue of the instance and choose another product.',
  },
  SKU_DISCONTINUED: {
    code: 'vendor/sku-discontinued',
    reason: 'Microsoft ESD no longer sells this product. Choose its successor.',
  },
  SKU_NOT_IN_COUNTRY: {
    code: 'vendor/sku-not-in-country',
    reason: 'Microsoft ESD does not sell this product in the country of the instance.',
  },
  LANGUAGE_NOT_SUPPORTED: {
    code: 'vendor/language-not-supported',
    reason:
      'Microsoft ESD does not sell this product in the language of the instance. Choose another language there.',
  },
  QUANTITY_NOT_SUPPORTED: {
    code: 'vendor/quantity-not-supported',
    reason: 'Microsoft ESD sells one licence at a time, and refused this quantity.',
  },
  ACCOUNT_NOT_SYNCHRONIZED: {
    code: 'vendor/account-not-synchronized',
    reason:
      'Microsoft ESD does not know the account yet. Synchronize it under Provisioning Sync Status, then retry.',
  },
  PARENT_NOT_ALLOWED: {
    code: 'vendor/parent-not-allowed',
    reason: 'Parent Account must be blank. Clear it in the Sync Options and synchronize again.',
  },
  OUT_OF_KEYS: {
    code: 'vendor/out-of-keys',
    reason: 'Microsoft ESD has no key of this product at the moment.',
  },
}

/** The reason for a vendor's code; codes we were never told of get a sentence of their own. */
export function reasonOf(code: string): Reason {
  return (
    reasons[code] ?? {
      code: 'vendor/refused',
      reason:
        'Microsoft ESD refused for a reason we do not know. Ask Microsoft with the request id of the attempt.',
    }
  )
}

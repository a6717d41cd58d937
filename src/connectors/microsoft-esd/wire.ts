// The answers of the ESD gateway protocol v1, checked before anything is believed.
import { z } from 'zod'

const moment = z.iso.datetime({ offset: true }).transform((text) => Temporal.Instant.from(text))

export const TokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive(),
})

export const ErrorAnswer = z.object({
  error: z.object({
    code: z.string().regex(/^[A-Z_]{1,40}$/),
    message: z.string().optional(),
    details: z.record(z.string(), z.unknown()).nullish(),
  }),
})

export const CatalogueAnswer = z.object({
  nextCursor: z.string().min(1).nullish(),
  total: z.int().nonnegative().nullish(),
  items: z.array(
    z.object({
      sku: z.string().min(1).max(100),
      upc: z.string().max(100).nullish(),
      name: z.string().min(1).max(500),
      description: z.string().nullish(),
      fulfillmentType: z.enum(['Token', 'TokenAndLink']),
      returnType: z.enum(['Returnable', 'NotReturnable']),
      status: z.enum(['Active', 'Discontinued']),
    }),
  ),
})

export const AccountAnswer = z.object({ externalId: z.string(), syncStatus: z.literal('Synchronized') })

const failure = z.object({ code: z.string(), message: z.string().optional() })

const CompletedPurchase = z.object({
  clientTransactionId: z.string(),
  serviceTransactionId: z.string().min(1),
  status: z.literal('Completed'),
  returnableUntil: moment.nullish(),
  tokens: z.array(
    z.object({
      type: z.string(),
      code: z.string().min(1),
      status: z.enum(['Activated', 'Redeemed', 'ReturnAccepted']),
    }),
  ),
  links: z
    .array(z.object({ type: z.string(), uri: z.url({ protocol: /^https?$/ }), expiresAt: moment.nullish() }))
    .nullish(),
})

export const PurchaseAnswer = z.discriminatedUnion('status', [
  CompletedPurchase,
  z.object({ clientTransactionId: z.string(), status: z.literal('Pending') }),
  z.object({ clientTransactionId: z.string(), status: z.literal('Failed'), error: failure.nullish() }),
])

export const ReturnedAnswer = z.object({
  clientTransactionId: z.string(),
  returnStatus: z.enum(['Successful', 'Rejected']),
})

export type PurchaseAnswer = z.infer<typeof PurchaseAnswer>
export type CompletedPurchase = z.infer<typeof CompletedPurchase>
export type CatalogueItem = z.infer<typeof CatalogueAnswer>['items'][number]

// What travels (partner-center.md 2 to 11): answers are checked before anything is believed. Enums are compared in lower case, dates
// without an offset are UTC, numbers may come as text, and a stray first character may stand before a body.
import { z } from 'zod'

export const lower = z.string().transform((text) => text.toLowerCase())

export const instant = z.string().transform((text, context) => {
  try {
    return Temporal.Instant.from(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`)
  } catch {
    context.addIssue({ code: 'custom', message: 'no moment' })
    return z.NEVER
  }
})

/** The calendar day that stands in a date, whatever its time says. */
export const day = z.string().transform((text, context) => {
  try {
    return Temporal.PlainDate.from(text.slice(0, 10))
  } catch {
    context.addIssue({ code: 'custom', message: 'no day' })
    return z.NEVER
  }
})

/** An amount as exact text, although it travels as a number. */
export const amount = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])
  .transform((value) => plainNumber(value))

function plainNumber(value: number | string): string {
  const text = String(value)
  return /e/i.test(text) ? Number(value).toFixed(12) : text
}

export const collection = <Item>(item: z.ZodType<Item>) => z.object({ items: z.array(item) })

export const Customer = z.object({
  id: z.string(),
  companyProfile: z.object({ domain: z.string().nullish(), companyName: z.string().nullish() }).nullish(),
  relationshipToPartner: lower.nullish(),
})
export type Customer = z.infer<typeof Customer>

export const RelationshipRequest = z.object({ url: z.string() })
export const Reseller = z.object({ id: z.string(), mpnId: z.coerce.string(), state: lower.nullish() })
export const AgreementStatus = z.object({ isAgreementSigned: z.boolean() })

export const AgreementTemplate = z.object({ templateId: z.string() })
export const DirectSigning = z.object({ isSigned: z.boolean() })
export const Confirmation = z.object({ templateId: z.string().nullish() })

export const Availability = z.object({
  id: z.string(),
  catalogItemId: z.string(),
  segment: lower.nullish(),
  isPurchasable: z.boolean().nullish(),
  terms: z.array(z.object({ duration: z.string().nullish(), billingCycle: lower.nullish() })).nullish(),
})

export const Cart = z.object({
  id: z.string(),
  status: lower.nullish(),
  expirationTimestamp: instant,
  lineItems: z.array(
    z.object({
      currencyCode: z.string().nullish(),
      pricing: z.object({ price: amount }).nullish(),
      error: z
        .object({
          errorCode: z.union([z.number(), z.string()]),
          additionalInformation: z.unknown().optional(),
        })
        .nullish(),
    }),
  ),
})

export type Cart = z.infer<typeof Cart>

export const OrderLine = z.object({
  lineItemNumber: z.number(),
  offerId: z.string(),
  friendlyName: z.string().nullish(),
  quantity: z.number(),
  subscriptionId: z.string().nullish(),
})
export const Order = z.object({ id: z.string(), status: lower, lineItems: z.array(OrderLine) })
export type Order = z.infer<typeof Order>

export const Checkout = z.object({
  orders: z.array(Order).nullish(),
  orderErrors: z.array(z.object({ code: z.coerce.string() })).nullish(),
})

/** What we read of a subscription; the whole is written back when one thing changes. */
export const Subscription = z.looseObject({
  id: z.string(),
  orderId: z.string().nullish(),
  quantity: z.number(),
  status: lower,
  effectiveStartDate: instant.nullish(),
  commitmentEndDate: day.nullish(),
  cancellationAllowedUntilDate: instant.nullish(),
  autoRenewEnabled: z.boolean().nullish(),
})

/** A subscription as the vendor sent it, every field kept. */
export const Whole = z.looseObject({ id: z.string(), status: z.string() })

/** Milliseconds a `Retry-After` asks for, in seconds or as a date; undefined where it says nothing. */
export function retryAfterMs(response: Response, now: Temporal.Instant): number | undefined {
  const text = response.headers.get('retry-after')
  if (!text) return undefined
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000
  const moment = Date.parse(text)
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - now.epochMilliseconds)
}

/** A body as JSON, with whatever stands before its first brace taken away. */
export function readJson(text: string): unknown {
  const begin = text.search(/[[{]/)
  if (begin < 0) return undefined
  try {
    return JSON.parse(text.slice(begin))
  } catch {
    return undefined
  }
}

const Commerce = z.object({
  code: z.coerce.string(),
  description: z.string().nullish(),
  message: z.string().nullish(),
})
const Throttling = z.object({ statusCode: z.number() })
const Pricing = z.object({ error: z.object({ code: z.string() }) })

/** The code in any of the four shapes of an error (partner-center.md 2.3); undefined where it has none of them. */
export function errorCode(json: unknown): string | undefined {
  const commerce = Commerce.safeParse(json)
  if (commerce.success) return commerce.data.code
  const throttling = Throttling.safeParse(json)
  if (throttling.success) return String(throttling.data.statusCode)
  const pricing = Pricing.safeParse(json)
  return pricing.success ? pricing.data.error.code : undefined
}

// Ids are minted by us before the first write, sort by the moment they were made (UUID version 7), and are branded:
// an OrderId is no AssetId.
import { randomUUIDv7 } from 'node:crypto'
import { Refusal } from './failure.ts'

declare const brand: unique symbol
export type Id<Noun extends string> = string & { readonly [brand]: Noun }

export type AccountId = Id<'account'>
export type UserId = Id<'user'>
export type InstanceId = Id<'connector instance'>
export type ProductId = Id<'product'>
export type PlanId = Id<'plan'>
export type BasketId = Id<'basket'>
export type BasketItemId = Id<'basket item'>
export type OrderId = Id<'order'>
export type OrderItemId = Id<'order item'>
export type AssetId = Id<'asset'>
export type InvoiceId = Id<'invoice'>
export type MailId = Id<'mail'>
/** The id a vendor knows a purchase by; stored before the vendor is asked. */
export type TransactionId = Id<'vendor transaction'>
export type ReturnRequestId = Id<'return request'>
export type PriceSheetId = Id<'price sheet'>
export type SubscriptionId = Id<'subscription'>
export type ChargeId = Id<'charge'>
export type PriceListId = Id<'price list'>
export type ProductGroupId = Id<'product group'>

export function newId<I extends Id<string>>(): I {
  return randomUUIDv7() as I
}

const form = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function isId(text: string): boolean {
  return form.test(text)
}

/** Takes an id from outside (an address, a body). What has no id's form cannot exist: refused as not found. */
export function asId<I extends Id<string>>(text: unknown, noun = 'record'): I {
  if (typeof text !== 'string' || !form.test(text.toLowerCase()))
    throw new Refusal(`${noun}/not-found`, `This ${noun} does not exist.`)
  return text.toLowerCase() as I
}

// What takes the place of a licence or of a subscription that could not be delivered, as the API is told it and answers it.
import { z } from 'zod'
import type { Replacement } from '#flows/ordering/replace-failed.ts'
import { asId, type PlanId } from '#kernel/ids.ts'
import type { Order } from '#modules/orders'
import { Id, Quantity } from './schemas.ts'

export const Replacing = z
  .strictObject({
    planId: Id,
    quantity: Quantity.optional().describe('As many as failed, where it is not said.'),
    reason: z.string().max(1000),
    agreedNet: z
      .string()
      .max(24)
      .optional()
      .meta({ examples: ['629.00'] }),
    belowCostReason: z.string().max(1000).optional(),
    overCreditReason: z.string().max(1000).optional(),
  })
  .meta({ id: 'Replacing' })

export const replacing =
  'The failed one is given up, and an order of the new one takes its place: priced now, executed at once, invoiced when it is delivered. `agreedNet` is its price without VAT; where it is missing or another one, the refusal `order/replacement-price` says what it costs.'

export function replacementIn({ planId, ...rest }: z.infer<typeof Replacing>): Replacement {
  return { ...rest, planId: asId<PlanId>(planId, 'plan'), channel: 'api' }
}

export const ReplacementOrder = z
  .object({ orderId: Id, orderNumber: z.string() })
  .meta({ id: 'ReplacementOrder' })

export function replacementOrder({ id, number }: Order): z.infer<typeof ReplacementOrder> {
  return { orderId: id, orderNumber: number }
}

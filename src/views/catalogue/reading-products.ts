// Who of the seller's people reads products and their plans: whoever writes them, and whoever sells them.
import { type Actor, mayDo } from '#modules/users'

export function mayReadProducts(actor: Actor): boolean {
  return mayDo(actor, 'manage-catalogue') || mayDo(actor, 'order-on-behalf')
}

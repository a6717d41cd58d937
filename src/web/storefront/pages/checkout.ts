import { type LoaderFunctionArgs, redirect } from 'react-router'
import { checkoutNow, nextPath } from '#web/storefront/checkout.ts'
import { visitorOf } from '#web/storefront/visitor.ts'

/** The checkout begins where something is still to be said. */
export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = visitorOf(args)
  const checkout = await checkoutNow(app, actor)
  throw redirect(checkout && !checkout.hasTrouble ? nextPath(checkout, actor) : '/basket')
}

import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { changeQuantity } from '#flows/ordering/change-basket.ts'
import { indicativePrices } from '#flows/ordering/indicative-prices.ts'
import { quoteBasket } from '#flows/ordering/price-basket.ts'
import { Refusal } from '#kernel/failure.ts'
import { asId, type BasketId, type BasketItemId } from '#kernel/ids.ts'
import { viewBasket } from '#views/basket/view-basket.ts'
import { pictureOf } from '#web/storefront/shown.ts'
import {
  editionName,
  placeWords,
  planTotal,
  quantityAsked,
  quantityNotes,
  softwareWords,
} from '#web/storefront/software-shown.ts'
import { answerForm, buyerOf, done, formOf, heldForm, textOf } from '#web/storefront/visitor.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { Page } from '#web/ui/page.tsx'
import { PlanOrder } from '../parts/plan-order.tsx'

export const meta = () => [{ title: 'Change quantity' }]

/** "Change" of an item of software: the page that added it, with its quantity (product.md E3), priced for whom it is. */
export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const itemId = asId<BasketItemId>(args.params['itemId'], 'basket-item')
  const now = await viewBasket(app.db, actor, await quoteBasket(app, actor))
  const line = now?.stacks.flatMap(({ lines }) => lines).find(({ id }) => id === itemId)
  if (!now || !line) throw new Refusal('basket-item/not-found', 'This item is not in your basket any more.')
  if (line.kind === 'esd') throw redirect('/basket')
  const quantity = args.url.searchParams.has('quantity') ? quantityAsked(args.url, line) : line.quantity
  const [tried, prices] = await Promise.all([
    quoteBasket(app, actor, { itemId, quantity }),
    indicativePrices(app, actor, {
      planIds: [line.planId],
      country: line.priceCountry,
      currency: line.unitPrice?.currency,
    }),
  ])
  const found = tried?.items.get(itemId)
  return {
    held: await heldForm(args),
    basketId: now.id,
    name: line.name,
    edition: editionName(line.vendorName),
    picture: pictureOf({ ...line, id: line.productId }),
    customer: line.endCustomer?.name,
    variant: softwareWords(line.sku),
    quantity,
    least: line.minQuantity,
    most: line.maxQuantity,
    quantityNotes: quantityNotes(prices.plans.get(line.planId), buyer.language),
    total:
      found &&
      planTotal(line.sku, found, {
        indicative: found.isIndicative
          ? placeWords({ country: found.country, currency: found.unitPrice.currency })
          : undefined,
        language: buyer.language,
      }),
    trouble: tried?.problems.get(itemId)?.message,
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    await changeQuantity(app, actor, {
      basketId: asId<BasketId>(form.get('basketId'), 'basket'),
      itemId: asId<BasketItemId>(args.params['itemId'], 'basket-item'),
      quantity: textOf(form, 'quantity'),
    })
    throw done('/basket', 'The quantity is changed.')
  })
}

export default function BasketItem() {
  const page = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>() ?? page.held
  return (
    <Page
      title={page.name}
      lead={page.customer ? `${page.variant} · for ${page.customer}` : page.variant}
      crumbs={[{ to: '/basket', label: 'Basket' }]}
    >
      <PlanOrder {...page} name={page.edition || page.name} state={state}>
        <input type="hidden" name="basketId" value={page.basketId} />
        <Actions>
          <Submit>Change</Submit>
          <LinkButton to="/basket" tone="quiet">
            Back
          </LinkButton>
        </Actions>
      </PlanOrder>
    </Page>
  )
}

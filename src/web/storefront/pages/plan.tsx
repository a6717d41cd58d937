import { type ActionFunctionArgs, type LoaderFunctionArgs, useActionData, useLoaderData } from 'react-router'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { indicativePrices } from '#flows/ordering/indicative-prices.ts'
import { Refusal } from '#kernel/failure.ts'
import { asId, type PlanId, type ProductId } from '#kernel/ids.ts'
import { mayDo } from '#modules/users'
import { shopProduct } from '#views/catalogue/shop-product.ts'
import { placeIn, placeQuery } from '#web/storefront/place.ts'
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
import { Notice } from '#web/ui/notice.tsx'
import { Page } from '#web/ui/page.tsx'
import { PlanOrder } from '../parts/plan-order.tsx'

export const meta = ({ loaderData }: { loaderData?: { name: string } }) => [
  { title: loaderData ? `Add to basket: ${loaderData.name}` : 'Add to basket' },
]

/** "Add to basket" (product.md S3): how many of a plan, and what they cost together for the whole term. */
export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const productId = asId<ProductId>(args.params['productId'], 'product')
  const planId = asId<PlanId>(args.params['planId'], 'plan')
  const product = await shopProduct(app.db, actor, {
    id: productId,
    currency: buyer.currency,
    language: buyer.language,
  })
  const plan = product.plans.find(({ id }) => id === planId)
  if (!plan || product.kind === 'esd') throw new Refusal('plan/not-found', 'This plan is not for sale.')
  const quantity = quantityAsked(args.url, plan)
  const prices = await indicativePrices(app, actor, { planIds: [planId], quantity, ...placeIn(args.url) })
  const found = prices.plans.get(planId)
  return {
    held: await heldForm(args),
    name: product.name,
    edition: editionName(plan.vendorName),
    variant: softwareWords(plan.sku),
    quantity,
    least: plan.minQuantity,
    most: plan.maxQuantity,
    quantityNotes: quantityNotes(found, buyer.language),
    total:
      found && 'unitPrice' in found
        ? planTotal(plan.sku, found, {
            indicative: found.isIndicative ? placeWords(prices) : undefined,
            language: buyer.language,
          })
        : undefined,
    trouble: found && 'problem' in found ? found.problem.message : undefined,
    mayBuy: mayDo(actor, 'buy'),
    back: `/products/${productId}${placeQuery(prices, buyer)}`,
    place: placeIn(args.url),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    await addToBasket(app, actor, {
      planId: asId<PlanId>(args.params['planId'], 'plan'),
      quantity: textOf(form, 'quantity'),
      country: textOf(form, 'country'),
      currency: textOf(form, 'currency'),
    })
    throw done('/basket', 'Added to your basket.')
  })
}

export default function Plan() {
  const page = useLoaderData<typeof loader>()
  const state = useActionData<typeof action>() ?? page.held
  const { back, place } = page
  return (
    <Page
      title={page.name}
      lead={page.edition === page.name ? page.variant : `${page.edition} · ${page.variant}`}
      crumbs={[
        { to: '/products', label: 'Products' },
        { to: back, label: page.name },
      ]}
    >
      <PlanOrder {...page} name={page.edition || page.name} state={state}>
        <input type="hidden" name="country" value={place.country} />
        <input type="hidden" name="currency" value={place.currency} />
        {page.mayBuy ? (
          <Actions>
            <Submit>Add to basket</Submit>
            <LinkButton to={back} tone="quiet">
              Other plans
            </LinkButton>
          </Actions>
        ) : (
          <Notice tone="info">
            Your role does not include buying. Ask an administrator of your company.
          </Notice>
        )}
      </PlanOrder>
    </Page>
  )
}

import { type ActionFunctionArgs, type LoaderFunctionArgs, useActionData, useLoaderData } from 'react-router'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { indicativePrices } from '#flows/ordering/indicative-prices.ts'
import { Refusal } from '#kernel/failure.ts'
import { asId, type PlanId, type ProductGroupId, type ProductId } from '#kernel/ids.ts'
import { mayDo } from '#modules/users'
import { shopGroup } from '#views/catalogue/shop-group.ts'
import { type ShopPlan, shopProduct } from '#views/catalogue/shop-product.ts'
import { placeIn, placeQuery } from '#web/storefront/place.ts'
import { planWords } from '#web/storefront/shown.ts'
import {
  editionName,
  isSoftwareSku,
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
  const planId = asId<PlanId>(args.params['planId'], 'plan')
  const { plan, name, back } = await planSold(args, planId)
  const isLicence = !isSoftwareSku(plan.sku)
  const quantity = quantityAsked(args.url, plan)
  const prices = await indicativePrices(app, actor, { planIds: [planId], quantity, ...placeIn(args.url) })
  const found = prices.plans.get(planId)
  return {
    held: await heldForm(args),
    name,
    edition: isLicence ? name : editionName(plan.vendorName),
    variant: isLicence ? `${planWords(plan)} · ${plan.sku}` : softwareWords(plan.sku),
    quantity,
    least: plan.minQuantity,
    most: plan.maxQuantity,
    quantityNotes: [
      ...(isLicence ? ['Each licence is its own key, with its own activation link and its own e-mail.'] : []),
      ...quantityNotes(found, buyer.language),
    ],
    total:
      found && 'unitPrice' in found
        ? planTotal(plan.sku, found, {
            indicative: found.isIndicative ? placeWords(prices) : undefined,
            language: buyer.language,
          })
        : undefined,
    trouble: found && 'problem' in found ? found.problem.message : undefined,
    mayBuy: mayDo(actor, 'buy'),
    back: { to: `${back.to}${placeQuery(prices, buyer)}`, label: back.label },
    place: placeIn(args.url),
  }
}

/** The plan with the page it is sold from: of its product where that is software, or of a product group. */
async function planSold(
  args: LoaderFunctionArgs,
  planId: PlanId,
): Promise<{ plan: ShopPlan; name: string; back: { to: string; label: string } }> {
  const { app, actor, buyer } = await buyerOf(args)
  const { currency, language } = buyer
  const notForSale = new Refusal('plan/not-found', 'This plan is not for sale.')
  if (args.params['groupId']) {
    const id = asId<ProductGroupId>(args.params['groupId'], 'product-group')
    const group = await shopGroup(app.db, actor, { id, currency, language })
    const plan = group.plans.find((each) => each.id === planId)
    if (!plan) throw notForSale
    return { plan, name: plan.productName, back: { to: `/groups/${id}`, label: group.name } }
  }
  const id = asId<ProductId>(args.params['productId'], 'product')
  const product = await shopProduct(app.db, actor, { id, currency, language })
  const plan = product.plans.find((each) => each.id === planId)
  // Licences delivered as a key are bought on the page of the product itself.
  if (!plan || product.kind === 'esd') throw notForSale
  return { plan, name: product.name, back: { to: `/products/${id}`, label: product.name } }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    const { items } = await addToBasket(app, actor, {
      planId: asId<PlanId>(args.params['planId'], 'plan'),
      quantity: textOf(form, 'quantity'),
      country: textOf(form, 'country'),
      currency: textOf(form, 'currency'),
    })
    throw done(
      '/basket',
      items.length === 1 ? 'Added to your basket.' : `${items.length} licences added to your basket.`,
    )
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
      crumbs={[{ to: '/products', label: 'Products' }, back]}
    >
      <PlanOrder {...page} name={page.edition || page.name} state={state}>
        <input type="hidden" name="country" value={place.country} />
        <input type="hidden" name="currency" value={place.currency} />
        {page.mayBuy ? (
          <Actions>
            <Submit>Add to basket</Submit>
            <LinkButton to={back.to} tone="quiet">
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

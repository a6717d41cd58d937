import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { countryName } from '#kernel/countries.ts'
import { asId, type PlanId, type ProductId } from '#kernel/ids.ts'
import type { Price } from '#kernel/money.ts'
import { mayDo } from '#modules/users'
import { type ShopPlan, shopProduct } from '#views/catalogue/shop-product.ts'
import { priceDisplay } from '#web/format.ts'
import { type PlansShown, plansShown } from '#web/storefront/plans-shown.ts'
import { languageName, paragraphs, pictureOf } from '#web/storefront/shown.ts'
import { editionsOf } from '#web/storefront/software-shown.ts'
import { answerForm, buyerOf, done, formOf, heldForm, textOf } from '#web/storefront/visitor.ts'
import { LinkButton, Submit } from '#web/ui/button.tsx'
import { RadioGroup } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Empty, Page } from '#web/ui/page.tsx'
import { QuantityField } from '#web/ui/quantity-field.tsx'
import { muted } from '#web/ui/tone.ts'
import { faultOf, typedIn } from '../form-state.ts'
import { Description, MayNotBuy, PlanChoice } from '../parts/plan-choice.tsx'
import { ProductPicture } from '../parts/product-grid.tsx'
import { LicencePromises, SoftwarePromises } from '../parts/promises.tsx'

export const meta = ({ loaderData }: { loaderData?: { name: string } }) => [
  { title: loaderData?.name ?? 'Product' },
]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const id = asId<ProductId>(args.params['productId'], 'product')
  const product = await shopProduct(app.db, actor, {
    id,
    currency: buyer.currency,
    language: buyer.language,
  })
  return {
    id,
    held: await heldForm(args),
    name: product.name,
    summary: product.summary,
    description: paragraphs(product.description),
    picture: pictureOf(product),
    isPerpetual: product.kind === 'perpetual',
    returnWindowDays: product.returnWindowDays,
    mayBuy: mayDo(actor, 'buy'),
    currency: buyer.currency,
    software:
      product.kind === 'esd'
        ? undefined
        : await plansShown(args, product.plans, (plans, prices) =>
            editionsOf({ name: product.name, plans }, prices, buyer.language),
          ),
    // The buyer's own country first: it is what most are bought for.
    plans: [...(product.kind === 'esd' ? product.plans : [])]
      .sort((a, b) => Number(b.country === buyer.country) - Number(a.country === buyer.country))
      .flatMap((plan) => (plan.unitPrice ? [licenceChoice(plan, plan.unitPrice, buyer.language)] : [])),
  }
}

function licenceChoice(plan: ShopPlan, unitPrice: Price, language: string) {
  return {
    id: plan.id,
    sku: plan.sku,
    label: `${countryName(plan.country, 'en')}, ${languageName(plan.language)}`,
    price: priceDisplay(unitPrice, language),
    isReturnable: plan.isReturnable,
    maxQuantity: plan.maxQuantity,
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formOf(args)
  return answerForm(form, async () => {
    const { items } = await addToBasket(app, actor, {
      planId: asId<PlanId>(form.get('planId'), 'plan'),
      quantity: textOf(form, 'quantity'),
    })
    throw done(
      '/basket',
      items.length === 1 ? 'Added to your basket.' : `${items.length} licences added to your basket.`,
    )
  })
}

export default function Product() {
  const product = useLoaderData<typeof loader>()
  const { software } = product
  if (software) return <SoftwareProduct product={product} software={software} />
  return (
    <Page title={product.name} lead={product.summary} crumbs={crumbs}>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)] lg:grid-rows-[auto_1fr] lg:gap-x-10 lg:gap-y-8">
        <ProductPicture name={product.name} picture={product.picture} size="large" />
        <div className="lg:sticky lg:top-24 lg:col-start-2 lg:row-span-2 lg:row-start-1">
          <Card title="Buy">
            <BuyLicences product={product} />
          </Card>
        </div>
        <div className="grid content-start gap-6">
          <Description paragraphs={product.description} />
          <LicencePromises
            returnDays={
              product.plans.some((plan) => plan.isReturnable) ? product.returnWindowDays : undefined
            }
          />
        </div>
      </div>
    </Page>
  )
}

const crumbs = [{ to: '/products', label: 'Products' }]

type Shown = Awaited<ReturnType<typeof loader>>

/** ESD licences: a few plans, a price each, and how many. */
function BuyLicences({ product }: { product: Shown }) {
  const state = useActionData<typeof action>() ?? product.held
  if (product.plans.length === 0)
    return (
      <Empty
        title={`Not for sale in ${product.currency}`}
        action={<LinkButton to="/products">Other products</LinkButton>}
      >
        There is no price in your currency at the moment. Your account manager can help.
      </Empty>
    )
  return (
    <Form method="post" className="grid gap-5">
      <FormNotice state={state} />
      <RadioGroup
        label="Country and language"
        name="planId"
        required
        defaultValue={typedIn(state, 'planId', product.plans[0]?.id)}
        error={faultOf(state, 'planId')}
        choices={product.plans.map((plan) => ({
          value: plan.id,
          label: plan.label,
          hint: plan.sku,
          aside: (
            <>
              <strong className="tabular-nums">{plan.price}</strong>
              <span className={`block text-xs ${muted}`}>excl. VAT, each</span>
            </>
          ),
        }))}
      />
      <QuantityField
        label="Quantity"
        name="quantity"
        max={Math.max(1, ...product.plans.map((plan) => plan.maxQuantity))}
        required
        defaultValue={typedIn(state, 'quantity', '1')}
        error={faultOf(state, 'quantity')}
        hint="Each licence is its own key, with its own activation link and its own e-mail."
      />
      {product.mayBuy ? <Submit>Add to basket</Submit> : <MayNotBuy />}
    </Form>
  )
}

/** Software: its plans on cards, priced for a country (product.md S2). */
function SoftwareProduct({ product, software }: { product: Shown; software: PlansShown }) {
  return (
    <Page title={product.name} lead={product.summary} crumbs={crumbs}>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)] lg:gap-10">
        <div className="grid content-start gap-5">
          <Description paragraphs={product.description} />
          <SoftwarePromises isPerpetual={product.isPerpetual} />
        </div>
        <div className="max-lg:order-first">
          <ProductPicture name={product.name} picture={product.picture} size="large" />
        </div>
      </div>
      <PlanChoice
        {...software}
        path={`/products/${product.id}/plans/`}
        mayBuy={product.mayBuy}
        empty="The vendor sells no plan of it right now. Your account manager can help."
      />
    </Page>
  )
}

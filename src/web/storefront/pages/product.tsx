import { KeyRound, Mail, ReceiptText, Undo2 } from 'lucide-react'
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
import { mayDo } from '#modules/users'
import { shopProduct } from '#views/catalogue/shop-product.ts'
import { priceDisplay } from '#web/format.ts'
import { languageName, paragraphs, pictureOf } from '#web/storefront/shown.ts'
import { answerForm, buyerOf, done, formOf, heldForm, textOf } from '#web/storefront/visitor.ts'
import { LinkButton, Submit } from '#web/ui/button.tsx'
import { RadioGroup } from '#web/ui/field.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Empty, Page } from '#web/ui/page.tsx'
import { QuantityField } from '#web/ui/quantity-field.tsx'
import { muted } from '#web/ui/tone.ts'
import { faultOf, typedIn } from '../form-state.ts'
import { ProductPicture } from '../parts/product-grid.tsx'

export const meta = ({ loaderData }: { loaderData?: { name: string } }) => [
  { title: loaderData?.name ?? 'Product' },
]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const id = asId<ProductId>(args.params['productId'], 'product')
  const product = await shopProduct(app.db, actor, { id, currency: buyer.currency })
  return {
    held: await heldForm(args),
    name: product.name,
    summary: product.summary,
    description: paragraphs(product.description),
    picture: pictureOf(product),
    isEsd: product.kind === 'esd',
    returnWindowDays: product.returnWindowDays,
    mayBuy: mayDo(actor, 'buy'),
    currency: buyer.currency,
    // The buyer's own country first: it is what most are bought for.
    plans: [...product.plans]
      .sort((a, b) => Number(b.country === buyer.country) - Number(a.country === buyer.country))
      .map((plan) => ({
        id: plan.id,
        sku: plan.sku,
        label: `${countryName(plan.country, 'en')}, ${languageName(plan.language)}`,
        price: priceDisplay(plan.unitPrice, buyer.language),
        isReturnable: plan.isReturnable,
        maxQuantity: plan.maxQuantity,
      })),
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
  const state = useActionData<typeof action>() ?? product.held
  const chosen = typedIn(state, 'planId', product.plans[0]?.id)
  const most = Math.max(1, ...product.plans.map((plan) => plan.maxQuantity))
  return (
    <Page title={product.name} lead={product.summary} crumbs={[{ to: '/products', label: 'Products' }]}>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)] lg:grid-rows-[auto_1fr] lg:gap-x-10 lg:gap-y-8">
        <ProductPicture name={product.name} picture={product.picture} size="large" />
        <div className="lg:sticky lg:top-24 lg:col-start-2 lg:row-span-2 lg:row-start-1">
          <Card title="Buy">
            {product.plans.length === 0 ? (
              <Empty
                title={`Not for sale in ${product.currency}`}
                action={<LinkButton to="/products">Other products</LinkButton>}
              >
                There is no price in your currency at the moment. Your account manager can help.
              </Empty>
            ) : (
              <Form method="post" className="grid gap-5">
                <FormNotice state={state} />
                <RadioGroup
                  label="Country and language"
                  name="planId"
                  required
                  defaultValue={chosen}
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
                  max={most}
                  required
                  defaultValue={typedIn(state, 'quantity', '1')}
                  error={faultOf(state, 'quantity')}
                  hint={
                    product.isEsd
                      ? 'Each licence is its own key, with its own activation link and its own e-mail.'
                      : undefined
                  }
                />
                {product.mayBuy ? (
                  <Submit>Add to basket</Submit>
                ) : (
                  <Notice tone="info">
                    Your role does not include buying. Ask an administrator of your company.
                  </Notice>
                )}
              </Form>
            )}
          </Card>
        </div>
        <div className="grid content-start gap-6">
          <div className="grid gap-3">
            {product.description.map((paragraph) => (
              <p key={paragraph} className="max-w-prose">
                {paragraph}
              </p>
            ))}
          </div>
          <Promises
            isEsd={product.isEsd}
            returnDays={
              product.plans.some((plan) => plan.isReturnable) ? product.returnWindowDays : undefined
            }
          />
        </div>
      </div>
    </Page>
  )
}

/** What a buyer may count on, before they ask. */
function Promises({ isEsd, returnDays }: { isEsd: boolean; returnDays: number | undefined }) {
  const all = [
    {
      Icon: Mail,
      title: 'In your inbox within minutes',
      text: 'Each licence comes in an e-mail of its own.',
    },
    isEsd && {
      Icon: KeyRound,
      title: 'A key for every licence',
      text: 'With its activation link; both stay in your licences.',
    },
    returnDays !== undefined && {
      Icon: Undo2,
      title: `${returnDays} days to change your mind`,
      text: 'An unused licence can be given back and is credited in full.',
    },
    {
      Icon: ReceiptText,
      title: 'Charged when delivered',
      text: 'The invoice names what arrived, and nothing else.',
    },
  ].filter((each) => each !== false)
  return (
    <ul className="grid gap-4 sm:grid-cols-2">
      {all.map(({ Icon, title, text }) => (
        <li key={title} className="flex gap-3">
          <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-brand-soft text-brand-text">
            <Icon size={18} aria-hidden="true" />
          </span>
          <span>
            <strong className="block font-medium">{title}</strong>
            <span className={`text-sm ${muted}`}>{text}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}

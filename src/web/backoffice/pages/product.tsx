// A product in the seller's words, with what its plans cost and sell for. The vendor's own words stand beside, unchanged.
import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useHref,
  useLoaderData,
} from 'react-router'
import { changePicture, changeProduct } from '#flows/catalogue/change-product.ts'
import { publishProduct, withdrawProduct } from '#flows/catalogue/publish-product.ts'
import { setPrices } from '#flows/catalogue/set-prices.ts'
import { currencies, priceText } from '#kernel/money.ts'
import { viewProduct } from '#views/catalogue/view-product.ts'
import { answer, deskOf, done, type FormState, shown, textOf } from '#web/backoffice/pages/shared/desk.ts'
import { percentDisplay } from '#web/format.ts'
import { fileOf } from './shared/file.ts'
import { Act, Check, Field, FormNotice, Page, Panel, State, Submit, To } from './shared/kit.tsx'
import { pricesOf } from './shared/price-form.ts'
import { PriceRows } from './shared/price-rows.tsx'

export const meta = () => [{ title: 'Product' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { product, plans, seesCosts } = await shown(
    viewProduct(app.db, actor, { id: args.params['id'] as never }),
  )
  return {
    id: product.id,
    code: product.code,
    name: product.name,
    summary: product.summary,
    description: product.description,
    isPublished: product.isPublished,
    isFeatured: product.isFeatured,
    hasPicture: product.hasPicture,
    changed: String(product.updatedAt.epochMilliseconds),
    returnWindowDays: String(product.returnWindowDays),
    seesCosts,
    currencies: currencies() as string[],
    plans: plans.map((plan) => ({
      id: plan.id,
      sku: plan.sku,
      vendorName: plan.vendorName,
      market: `${plan.country} · ${plan.language}`,
      instanceId: plan.instanceId,
      instanceName: plan.instanceName,
      isInstanceActive: plan.isInstanceActive,
      isPool: plan.keySource === 'pool',
      vendorState: plan.vendorState,
      isReturnable: plan.isReturnable,
      prices: plan.prices.map((each) => ({
        currency: each.currency as string,
        unitPrice: priceText(each.unitPrice),
        unitCost: each.unitCost ? priceText(each.unitCost) : '',
        allowsZero: each.allowsZero,
        allowsBelowCost: each.allowsBelowCost,
        margin: each.marginBasisPoints === undefined ? '–' : percentDisplay(each.marginBasisPoints),
      })),
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  return answer(form, async () => {
    const productId = args.params['id'] as never
    const here = `/products/${productId}`
    switch (textOf(form, 'intent')) {
      case 'publish':
        await publishProduct(app, actor, { productId })
        return done(here, 'The product is published.')
      case 'withdraw':
        await withdrawProduct(app, actor, { productId })
        return done(here, 'The product is withdrawn. What was sold stays.')
      case 'picture':
        await changePicture(app, actor, { productId, bytes: await fileOf(form, 'picture') })
        return done(here, 'The picture is saved.')
      case 'remove-picture':
        await changePicture(app, actor, { productId, bytes: undefined })
        return done(here, 'The picture is removed.')
      case 'prices':
        await setPrices(app, actor, { productId, prices: pricesOf(form) })
        return done(here, 'The prices are saved.')
      default:
        await changeProduct(app, actor, {
          productId,
          change: {
            name: textOf(form, 'name'),
            summary: textOf(form, 'summary'),
            description: textOf(form, 'description'),
            returnWindowDays: Number(textOf(form, 'returnWindowDays').trim() || Number.NaN),
            isFeatured: form.has('isFeatured'),
          },
        })
        return done(here, 'The product is saved.')
    }
  })
}

export default function ProductPage() {
  const product = useLoaderData<typeof loader>()
  const state = useActionData() as FormState | undefined
  const picture = useHref(`/products/${product.id}/picture?v=${product.changed}`)
  const of = (...intents: string[]) => (state && intents.includes(state.intent) ? state : undefined)
  const vendorNames = [...new Set(product.plans.map((plan) => plan.vendorName))]
  return (
    <Page
      title={product.name}
      lead={
        <>
          {product.code} <State>{product.isPublished ? 'published' : 'hidden'}</State>{' '}
          <To to="/products">All products</To>
        </>
      }
      actions={
        product.isPublished ? (
          <Act intent="withdraw">Withdraw</Act>
        ) : (
          <Act intent="publish" plain={false}>
            Publish
          </Act>
        )
      }
    >
      <FormNotice state={of('publish', 'withdraw')} />
      <Panel title="In the shop">
        <FormNotice state={of('save')} />
        <Form method="post" className="grid gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Name" name="name" value={product.name} state={of('save')} />
            <div className="text-sm">
              <p className="font-medium">At the vendor</p>
              {vendorNames.map((name) => (
                <p key={name}>{name}</p>
              ))}
            </div>
          </div>
          <Field label="Summary" name="summary" value={product.summary} rows={2} state={of('save')} />
          <Field
            label="Description"
            name="description"
            value={product.description}
            rows={8}
            state={of('save')}
          />
          <div className="max-w-xs">
            <Field
              label="Return window in days"
              name="returnWindowDays"
              value={product.returnWindowDays}
              hint="0: not returnable"
              state={of('save')}
            />
          </div>
          {product.isPublished && (
            <Check
              label="Featured on the home page"
              name="isFeatured"
              checked={product.isFeatured}
              state={of('save')}
            />
          )}
          <div>
            <Submit>Save</Submit>
          </div>
        </Form>
      </Panel>
      <Panel title="Picture">
        <FormNotice state={of('picture', 'remove-picture')} />
        {product.hasPicture && <img src={picture} alt={product.name} className="max-h-48 w-auto" />}
        <Form method="post" encType="multipart/form-data" className="flex flex-wrap items-end gap-3">
          <Field
            key={product.changed}
            label="Picture file"
            name="picture"
            type="file"
            accept="image/png,image/jpeg,image/webp"
            hint="PNG, JPEG or WebP, at most 2 MB"
            state={of('picture')}
          />
          <Submit intent="picture">Upload</Submit>
        </Form>
        {product.hasPicture && (
          <div>
            <Act intent="remove-picture">Remove the picture</Act>
          </div>
        )}
      </Panel>
      <Panel title="Plans and prices">
        <FormNotice state={of('prices')} />
        <PriceRows
          plans={product.plans}
          currencies={product.currencies}
          seesCosts={product.seesCosts}
          state={of('prices')}
        />
      </Panel>
    </Page>
  )
}

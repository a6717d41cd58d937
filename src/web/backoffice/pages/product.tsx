// A product in the seller's words, with what its plans cost and sell for. The vendor's own words stand beside, unchanged.
import { type ActionFunctionArgs, Form, Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import type { App } from '#flows/app.ts'
import { changePlan } from '#flows/catalogue/change-plan.ts'
import { changePicture, changeProduct } from '#flows/catalogue/change-product.ts'
import { publishProduct, withdrawProduct } from '#flows/catalogue/publish-product.ts'
import { removeProductText, saveProductText } from '#flows/catalogue/save-product-text.ts'
import { setPrices } from '#flows/catalogue/set-prices.ts'
import type { ProductId } from '#kernel/ids.ts'
import { currencies, priceText } from '#kernel/money.ts'
import type { Staff } from '#modules/users'
import { productTexts } from '#views/catalogue/product-texts.ts'
import { type PricedPlan, viewProduct } from '#views/catalogue/view-product.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { languageLabel } from '#web/backoffice/language-label.ts'
import { pricesOf } from '#web/backoffice/price-form.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { exactDisplay, percentDisplay } from '#web/format.ts'
import { answerForm, done, fileOf, noSuchForm, textOf, wholeNumber } from '#web/forms.ts'
import { billingWords, segmentName, softwareWords, termWords } from '#web/software-words.ts'
import { Actions, PostButton, Submit } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { Checkbox, Field } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Columns, FieldGrid, Page } from '#web/ui/page.tsx'
import { ConfirmForm } from '../parts/confirm-form.tsx'
import { PictureCard } from '../parts/picture-card.tsx'
import { PriceRows } from '../parts/price-rows.tsx'
import { ProductRead } from '../parts/product-read.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { type SoftwarePlanShown, SoftwarePlans } from '../parts/software-plans.tsx'
import { State } from '../parts/state.tsx'
import { Texts } from '../parts/texts.tsx'
import { PositionField, WordingFields } from '../parts/wording-fields.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Product' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { product, plans, groups, seesCosts } = await viewProduct(app.db, actor, {
    id: args.params['id'] as never,
    now: app.now(),
  })
  const mayChange = actor.rights.has('manage-catalogue')
  const texts = mayChange ? await productTexts(app.db, actor, { id: product.id }) : []
  return {
    id: product.id,
    mayChange,
    foot: mayChange ? await recordFoot(args, 'product', product.id) : undefined,
    texts: texts.map((text) => ({ ...text, label: languageLabel(text.language) })),
    groups: [...groups],
    isSoftware: product.kind !== 'esd',
    code: product.code,
    name: product.name,
    summary: product.summary,
    description: product.description,
    isPublished: product.isPublished,
    isFeatured: product.isFeatured,
    hasPicture: product.hasPicture,
    changed: String(product.updatedAt.epochMilliseconds),
    returnWindowDays: String(product.returnWindowDays),
    position: String(product.position),
    seesCosts,
    currencies: currencies() as string[],
    software: plans.flatMap(softwarePlan),
    plans: plans.map((plan) => ({
      id: plan.id,
      sku: plan.sku,
      vendorName: plan.vendorName,
      market: plan.software ? softwareWords(plan.sku) : `${plan.country} · ${plan.language}`,
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

function softwarePlan(plan: PricedPlan): SoftwarePlanShown[] {
  const { software, inSheets } = plan
  if (!software || !inSheets) return []
  const amount = (text: string | null | undefined) =>
    text && inSheets.currency ? exactDisplay(text, inSheets.currency) : ''
  return [
    {
      id: plan.id,
      vendorName: plan.vendorName,
      skuCode: `${software.productCode}:${software.skuCode}`,
      segment: segmentName(software.segment),
      term: termWords(software.term),
      billing: billingWords(software.term, software.billingPlan),
      instanceName: plan.instanceName,
      vendorState: plan.vendorState,
      isWithheld: plan.isWithheld,
      allowsZero: plan.allowsZero,
      retail: amount(inSheets.retail),
      cost: amount(inSheets.cost),
      markets:
        inSheets.markets === 0
          ? 'no market'
          : inSheets.markets === 1
            ? '1 market'
            : `${inSheets.markets} markets`,
      market: inSheets.markets > 0 ? (inSheets.market ?? '') : undefined,
      isFree: inSheets.isFreeSomewhere,
    },
  ]
}

/** What the form of plans says; a plan it does not name is left alone. */
async function savePlans(app: App, actor: Staff, productId: ProductId, form: FormData): Promise<void> {
  const { plans } = await viewProduct(app.db, actor, { id: productId, now: app.now() })
  for (const plan of plans.filter((each) => each.software && each.vendorState === 'active')) {
    const isWithheld = !form.has(`plans.${plan.id}.isSold`)
    const allowsZero = plan.inSheets?.isFreeSomewhere
      ? form.has(`plans.${plan.id}.allowsZero`)
      : plan.allowsZero
    await changePlan(app, actor, {
      planId: plan.id,
      change: {
        ...(isWithheld === plan.isWithheld ? {} : { isWithheld }),
        ...(allowsZero === plan.allowsZero ? {} : { allowsZero }),
      },
    })
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
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
      case 'text': {
        const { language } = await saveProductText(app, actor, {
          productId,
          text: {
            language: textOf(form, 'language'),
            name: textOf(form, 'name'),
            summary: textOf(form, 'summary'),
            description: textOf(form, 'description'),
          },
        })
        return done(here, `The words in ${languageLabel(language)} are saved.`)
      }
      case 'remove-text':
        await removeProductText(app, actor, { productId, language: textOf(form, 'language') })
        return done(here, `Readers of ${languageLabel(textOf(form, 'language'))} see our own words again.`)
      case 'plans':
        await savePlans(app, actor, productId, form)
        return done(here, 'The plans are saved.')
      case 'save':
        await changeProduct(app, actor, {
          productId,
          change: {
            name: textOf(form, 'name'),
            summary: textOf(form, 'summary'),
            description: textOf(form, 'description'),
            ...(form.has('returnWindowDays') && { returnWindowDays: wholeNumber(form, 'returnWindowDays') }),
            position: wholeNumber(form, 'position'),
            isFeatured: form.has('isFeatured'),
          },
        })
        return done(here, 'The product is saved.')
      default:
        throw noSuchForm()
    }
  })
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function ProductPage() {
  const product = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const of = (...intents: string[]) => (state?.intent && intents.includes(state.intent) ? state : undefined)
  return (
    <Page
      title={product.name}
      lead={
        <span className="flex flex-wrap items-center gap-2">
          {product.code} <State>{product.isPublished ? 'published' : 'hidden'}</State>
        </span>
      }
      actions={
        !product.mayChange ? undefined : product.isPublished ? (
          <ConfirmForm>
            <ConfirmButton
              button="Withdraw"
              tone="plain"
              title={`Withdraw ${product.name}`}
              question={
                product.groups.some((group) => group.isPublished)
                  ? 'Its page leaves the shop. Its plans in a published product group stay for sale there.'
                  : 'Nobody can buy it any more. What was sold stays.'
              }
              ok="Withdraw"
              value="withdraw"
            />
          </ConfirmForm>
        ) : (
          <PostButton intent="publish" tone="primary">
            Publish
          </PostButton>
        )
      }
    >
      {product.mayChange ? <Changing product={product} of={of} /> : <ProductRead product={product} />}
    </Page>
  )
}

function Changing({ product, of }: { product: Shown; of: (...intents: string[]) => FormState | undefined }) {
  return (
    <>
      <FormNotice state={of('publish', 'withdraw')} />
      <Columns
        aside={
          <>
            <PictureCard
              name={product.name}
              path={`/products/${product.id}/picture`}
              changed={product.changed}
              hasPicture={product.hasPicture}
              state={of('picture', 'remove-picture')}
            />
            {product.groups.length > 0 && <InGroups groups={product.groups} />}
          </>
        }
      >
        <Words product={product} state={of('save')} />
        <Texts texts={product.texts} state={of('text', 'remove-text')} />
        {product.isSoftware ? (
          <Card title="Plans">
            <FormNotice state={of('plans')} />
            <SoftwarePlans
              productId={product.id}
              plans={product.software}
              seesCosts={product.seesCosts}
              state={of('plans')}
              errors={of('publish')?.errors ?? {}}
            />
          </Card>
        ) : (
          <Card title="Plans and prices">
            <FormNotice state={of('prices')} />
            <PriceRows
              plans={product.plans}
              currencies={product.currencies}
              seesCosts={product.seesCosts}
              state={of('prices')}
            />
          </Card>
        )}
        {product.foot && <RecordFoot foot={product.foot} />}
      </Columns>
    </>
  )
}

/** Where its plans are sold besides its own page. */
function InGroups({ groups }: { groups: Shown['groups'] }) {
  return (
    <Card title="Product groups">
      <ul className="grid gap-2">
        {groups.map((group) => (
          <li key={group.id} className="flex flex-wrap items-center justify-between gap-2">
            <Link to={`/product-groups/${group.id}`}>{group.name}</Link>
            <State>{group.isPublished ? 'published' : 'hidden'}</State>
          </li>
        ))}
      </ul>
      <p className="text-muted">
        Plans in a published group are for sale there, whether this product is published or not.
      </p>
    </Card>
  )
}

function Words({ product, state }: { product: Shown; state: FormState | undefined }) {
  const vendorNames = [...new Set(product.plans.map((plan) => plan.vendorName))]
  return (
    <Card title="In the shop">
      <FormNotice state={state} />
      <Form method="post" className="grid gap-4">
        <WordingFields
          words={product}
          nameHint={`At the vendor: ${vendorNames.slice(0, 3).join(', ')}${vendorNames.length > 3 ? ' …' : ''}. ${product.isSoftware ? 'A new price sheet' : 'A new services definition'} never changes our wording.`}
          state={state}
        />
        <FieldGrid>
          <PositionField position={product.position} state={state} />
          {!product.isSoftware && (
            <Field
              label="Return window in days"
              name="returnWindowDays"
              inputMode="numeric"
              defaultValue={product.returnWindowDays}
              hint="0: not returnable"
              state={state}
            />
          )}
        </FieldGrid>
        {product.isPublished && (
          <Checkbox
            label="Featured on the home page"
            name="isFeatured"
            defaultChecked={product.isFeatured}
            state={state}
          />
        )}
        <Actions>
          <Submit name="intent" value="save">
            Save
          </Submit>
        </Actions>
      </Form>
    </Card>
  )
}

// A product group: its words in every language, its picture, the plans in it in the order of its page, and whether the shop shows it.
import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import {
  changeGroupPicture,
  changeProductGroup,
  removeProductGroup,
  removeProductGroupText,
  saveProductGroupText,
} from '#flows/catalogue/change-product-group.ts'
import {
  publishProductGroup,
  setGroupMembers,
  withdrawProductGroup,
} from '#flows/catalogue/publish-product-group.ts'
import { invalid } from '#kernel/failure.ts'
import { asId, type PlanId } from '#kernel/ids.ts'
import { viewProductGroup } from '#views/catalogue/view-product-group.ts'
import { searchPlans } from '#views/pricing/search-scopes.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { languageLabel } from '#web/backoffice/language-label.ts'
import { planFound } from '#web/backoffice/plan-found.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { answerForm, done, fileOf, noSuchForm, textOf, wholeNumber } from '#web/forms.ts'
import { Actions, PostButton, Submit } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { Checkbox } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Columns, FieldGrid, Page } from '#web/ui/page.tsx'
import { ConfirmForm } from '../parts/confirm-form.tsx'
import { GroupMembers } from '../parts/group-members.tsx'
import { PictureCard } from '../parts/picture-card.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { State } from '../parts/state.tsx'
import { Texts } from '../parts/texts.tsx'
import { PositionField, WordingFields } from '../parts/wording-fields.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = ({ loaderData }: { loaderData?: { name: string } }) => [
  { title: loaderData?.name ?? 'Product group' },
]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const find = args.url.searchParams.get('find') ?? ''
  const [{ group, texts, members, ruleCount }, plans] = await Promise.all([
    viewProductGroup(app.db, actor, { id: args.params['id'] as never, now: app.now() }),
    searchPlans(app.db, actor, { q: find, limit: 50 }),
  ])
  return {
    id: group.id,
    foot: await recordFoot(args, 'product-group', group.id),
    name: group.name,
    summary: group.summary,
    description: group.description,
    isPublished: group.isPublished,
    isFeatured: group.isFeatured,
    position: String(group.position),
    hasPicture: group.hasPicture,
    changed: String(group.updatedAt.epochMilliseconds),
    ruleCount,
    texts: texts.map((text) => ({ ...text, label: languageLabel(text.language) })),
    members: members.map((member) => {
      const { name, about } = planFound({ ...member, id: member.planId, isPublished: true })
      return { id: member.planId, productId: member.productId, name, about, trouble: member.trouble }
    }),
    find,
    found: plans.map(planFound),
  }
}

const steps = { add: 'added', remove: 'taken out', up: 'moved up', down: 'moved down' } as const

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const groupId = args.params['id'] as never
  const here = `/product-groups/${groupId}`
  return answerForm(form, async () => {
    const intent = textOf(form, 'intent')
    switch (intent) {
      case 'publish':
        await publishProductGroup(app, actor, { groupId })
        return done(here, 'The group is published.')
      case 'withdraw':
        await withdrawProductGroup(app, actor, { groupId })
        return done(here, 'The group is withdrawn. What was sold stays.')
      case 'delete':
        await removeProductGroup(app, actor, { groupId })
        return done('/product-groups', 'The group is deleted.')
      case 'picture':
        await changeGroupPicture(app, actor, { groupId, bytes: await fileOf(form, 'picture') })
        return done(here, 'The picture is saved.')
      case 'remove-picture':
        await changeGroupPicture(app, actor, { groupId, bytes: undefined })
        return done(here, 'The picture is removed.')
      case 'text': {
        const { language } = await saveProductGroupText(app, actor, {
          groupId,
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
        await removeProductGroupText(app, actor, { groupId, language: textOf(form, 'language') })
        return done(here, `Readers of ${languageLabel(textOf(form, 'language'))} see our own words again.`)
      case 'add':
      case 'remove':
      case 'up':
      case 'down': {
        const planId = planIn(form)
        const planIds = await setGroupMembers(app, actor, { groupId, step: { kind: intent, planId } })
        const place = planIds.indexOf(planId) + 1
        return done(here, `The plan is ${steps[intent]}${place ? `: ${place} of ${planIds.length}` : ''}.`)
      }
      case 'save':
        await changeProductGroup(app, actor, {
          groupId,
          change: {
            name: textOf(form, 'name'),
            summary: textOf(form, 'summary'),
            description: textOf(form, 'description'),
            position: wholeNumber(form, 'position'),
            isFeatured: form.has('isFeatured'),
          },
        })
        return done(here, 'The group is saved.')
      default:
        throw noSuchForm()
    }
  })
}

function planIn(form: FormData): PlanId {
  const planId = textOf(form, 'planId')
  if (!planId) throw invalid({ pointer: '/planId', code: 'required', message: 'Choose a plan to add.' })
  return asId<PlanId>(planId, 'plan')
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function ProductGroupPage() {
  const group = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const of = (...intents: string[]) => (state?.intent && intents.includes(state.intent) ? state : undefined)
  return (
    <Page
      title={group.name}
      crumbs={[{ to: '/product-groups', label: 'Product groups' }]}
      lead={<State>{group.isPublished ? 'published' : 'hidden'}</State>}
      actions={<Publicity group={group} />}
    >
      <FormNotice state={of('publish', 'withdraw', 'delete')} />
      <Columns
        aside={
          <PictureCard
            name={group.name}
            path={`/product-groups/${group.id}/picture`}
            changed={group.changed}
            hasPicture={group.hasPicture}
            state={of('picture', 'remove-picture')}
          />
        }
      >
        <GroupMembers group={group} state={of('add', 'remove', 'up', 'down')} />
        <Words group={group} state={of('save')} />
        <Texts texts={group.texts} state={of('text', 'remove-text')} />
        <RecordFoot foot={group.foot} />
      </Columns>
    </Page>
  )
}

function Publicity({ group }: { group: Shown }) {
  return (
    <>
      {group.isPublished ? (
        <ConfirmForm>
          <ConfirmButton
            button="Withdraw"
            tone="plain"
            title={`Withdraw ${group.name}`}
            question="Its page leaves the shop, and plans whose product is not published cannot be bought any more. What was sold stays."
            ok="Withdraw"
            value="withdraw"
          />
        </ConfirmForm>
      ) : (
        <PostButton intent="publish" tone="primary">
          Publish
        </PostButton>
      )}
      {group.ruleCount === 0 && (
        <ConfirmForm>
          <ConfirmButton
            button="Delete"
            tone="plain"
            title={`Delete ${group.name}`}
            question="The group, its words and its picture are gone for good. Its plans stay in the catalogue, and what was sold stays."
            ok="Delete"
            value="delete"
          />
        </ConfirmForm>
      )}
    </>
  )
}

function Words({ group, state }: { group: Shown; state: FormState | undefined }) {
  return (
    <Card title="In the shop">
      <FormNotice state={state} />
      <Form method="post" className="grid gap-4">
        <WordingFields words={group} state={state} />
        <FieldGrid>
          <PositionField position={group.position} state={state} />
        </FieldGrid>
        {group.isPublished && (
          <Checkbox
            label="Featured on the home page"
            name="isFeatured"
            defaultChecked={group.isFeatured}
            state={state}
          />
        )}
        {group.ruleCount > 0 && (
          <p className="text-muted">
            {group.ruleCount === 1
              ? 'A price rule is about this group, so it cannot be deleted.'
              : `${group.ruleCount} price rules are about this group, so it cannot be deleted.`}
          </p>
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

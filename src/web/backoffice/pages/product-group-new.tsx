import { type ActionFunctionArgs, Form, type LoaderFunctionArgs } from 'react-router'
import { createProductGroup } from '#flows/catalogue/change-product-group.ts'
import { assertMay } from '#modules/users'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { WordingFields } from '../parts/wording-fields.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'New product group' }]

export async function loader(args: LoaderFunctionArgs) {
  assertMay(deskOf(args).actor, 'manage-catalogue')
  return null
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const group = await createProductGroup(app, actor, {
      name: textOf(form, 'name'),
      summary: textOf(form, 'summary'),
      description: textOf(form, 'description'),
    })
    return done(`/product-groups/${group.id}`, `${group.name} is created. Now add its plans.`)
  })
}

export default function NewProductGroup() {
  const { state } = useAnswer()
  return (
    <Page
      title="New product group"
      isNarrow
      crumbs={[{ to: '/product-groups', label: 'Product groups' }]}
      lead="Its plans and its picture come next; nobody sees it before it is published."
    >
      <FormNotice state={state} />
      <Form method="post">
        <Card>
          <WordingFields state={state} />
          <Actions>
            <Submit name="intent" value="create">
              Create product group
            </Submit>
            <LinkButton to="/product-groups" tone="quiet">
              Cancel
            </LinkButton>
          </Actions>
        </Card>
      </Form>
    </Page>
  )
}

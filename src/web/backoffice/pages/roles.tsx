// Roles: what the people who have one may do.
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listRoles } from '#views/users/list-roles.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { rightWords } from '#web/backoffice/roles-shown.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Page, Section } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'

export const meta = () => [{ title: 'Roles and permissions' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const roles = (await listRoles(app.db, actor)).map(({ of, code, name, description, rights, people }) => {
    return { of, code, name, description, rights: rightWords(rights), people }
  })
  return {
    ours: roles.filter(({ of }) => of === 'seller'),
    ofAccounts: roles.filter(({ of }) => of === 'account'),
  }
}

export default function Roles() {
  const { ours, ofAccounts } = useLoaderData<typeof loader>()
  return (
    <Page
      title="Roles and permissions"
      lead="A role allows what it names and nothing else. Who has several may do what any of them allows."
      actions={<LinkButton to="/setup/roles/new">New role</LinkButton>}
    >
      <Section title="Of our people">
        <Table
          caption="Roles of our people"
          heads={['Role', 'Allows', 'People']}
          numeric={[2]}
          rows={ours.map((role) => ({
            key: role.code,
            cells: [
              <>
                <Link to={`/setup/roles/${role.code}`}>{role.name}</Link>
                {role.description && (
                  <span className="block text-[0.9286em] font-normal text-muted">{role.description}</span>
                )}
              </>,
              <span key="r" className="sentence">
                {role.rights || 'Nothing yet'}
              </span>,
              role.people,
            ],
          }))}
        />
      </Section>
      <Section title="Of resellers and customers">
        <p className="text-muted">These are the same for every account and cannot be changed.</p>
        <Table
          caption="Roles of resellers and customers"
          heads={['Role', 'Allows', 'People']}
          numeric={[2]}
          rows={ofAccounts.map((role) => ({
            key: role.code,
            cells: [
              <>
                {role.name}
                <span className="block text-[0.9286em] font-normal text-muted">{role.description}</span>
              </>,
              <span key="r" className="sentence">
                {role.rights}
              </span>,
              role.people,
            ],
          }))}
        />
      </Section>
    </Page>
  )
}

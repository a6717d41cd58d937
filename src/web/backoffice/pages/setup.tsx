import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listInstances } from '#views/catalogue/list-instances.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { type Place, placesFor } from '#web/ui/backoffice-shell.tsx'
import { useFrame } from '#web/ui/document.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'

export const meta = () => [{ title: 'Setup' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const instances = actor.rights.has('manage-setup')
    ? await listInstances(app.db, actor, { now: app.now() })
    : []
  return {
    expiring: instances.filter((each) => each.expiresSoon).map(({ id, systemName }) => ({ id, systemName })),
  }
}

export default function Setup() {
  const { expiring } = useLoaderData<typeof loader>()
  const setup = placesFor(useFrame()?.user?.rights ?? []).find(({ label }) => label === 'Setup')
  const groups = setup && 'inside' in setup ? groupsOf(setup.inside) : []
  return (
    <Page title="Setup">
      {expiring.length > 0 && (
        <Notice tone="danger" title="A certificate expires soon or has expired">
          <ul>
            {expiring.map((each) => (
              <li key={each.id}>
                <Link to={`/setup/applications/${each.id}`}>{each.systemName}</Link>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div className="grid gap-5 md:grid-cols-2 xl:grid-cols-3">
        {groups.map((group) => (
          <Card key={group.title} title={group.title}>
            <ul className="grid gap-3">
              {group.links.map(({ to, label, about }) => (
                <li key={to}>
                  <Link to={to}>{label}</Link>
                  <span className="block text-muted">{about}</span>
                </li>
              ))}
            </ul>
          </Card>
        ))}
      </div>
    </Page>
  )
}

type Group = { readonly title: string; readonly links: readonly Extract<Place, { to: string }>[] }

/** Each branch of the tree under Setup that holds places, called by the way to it. */
function groupsOf(among: readonly Place[], way: readonly string[] = []): Group[] {
  const links = among.filter((place) => 'to' in place)
  const inside = among.flatMap((place) =>
    'to' in place ? [] : groupsOf(place.inside, [...way, place.label]),
  )
  return links.length > 0 ? [{ title: way.join(': '), links }, ...inside] : inside
}

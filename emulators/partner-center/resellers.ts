// Indirect resellers: a tenant id and a numeric PartnerId each (partner-center.md 4).

import { VendorError } from './errors.ts'
import { guidOf } from './hash.ts'
import type { Reseller } from './records.ts'
import type { Answer, Json } from './wire.ts'
import { type Ask, collection, type Route, type World } from './world.ts'

export const resellerRoutes: readonly Route[] = [
  {
    name: 'relationships',
    method: 'GET',
    path: '/commerce/v1/relationships',
    access: 'anybody',
    handle: relationships,
  },
  {
    name: 'agreement-status',
    method: 'GET',
    path: '/commerce/v1/compliance/csp/agreementstatus',
    access: 'anybody',
    handle: agreementStatus,
  },
]

export function shownReseller(reseller: Reseller): Json {
  return {
    id: reseller.id,
    name: reseller.name,
    relationshipType: 'is_indirect_cloud_solution_provider_of',
    state: 'Active',
    mpnId: reseller.mpnId,
    location: reseller.location,
    attributes: { objectType: 'PartnerRelationship' },
  }
}

export const partners = (world: World) =>
  world.store.list<Reseller>('reseller').filter((each) => !each.isStranger)

function relationships({ world, call }: Ask): Answer {
  if (call.query.get('relationship_type')?.toLowerCase() !== 'isindirectcloudsolutionproviderof')
    return collection([])
  return collection(partners(world).map(shownReseller))
}

function agreementStatus({ world, call }: Ask): Answer {
  const mpnId = call.query.get('mpnId')
  const tenantId = call.query.get('tenantId')
  if (!mpnId && !tenantId) throw new VendorError(400, '2001', 'Give mpnId or tenantId.')
  const found = world.store
    .list<Reseller>('reseller')
    .find((each) => each.mpnId === mpnId || each.id === tenantId)
  if (!found) throw new VendorError(400, '2000', 'This PartnerId or tenant is not valid.')
  return { status: 200, body: { isAgreementSigned: found.hasSigned } }
}

export function resellerByTenant(world: World, tenantId: string): Reseller {
  return assertOurs(world.store.find<Reseller>('reseller', tenantId))
}

export function resellerByPartnerId(world: World, mpnId: string): Reseller {
  return assertOurs(world.store.list<Reseller>('reseller').find((each) => each.mpnId === mpnId))
}

function assertOurs(reseller: Reseller | undefined): Reseller {
  if (!reseller) throw new VendorError(404, '800015', 'There is no partner of this id.')
  if (reseller.isStranger)
    throw new VendorError(400, '800016', 'This partner is not an indirect reseller of yours.')
  return reseller
}

export function seedResellers(world: World): void {
  const seeded: Omit<Reseller, 'id'>[] = [
    { name: 'Nordlicht Systemhaus GmbH', mpnId: '6012345', location: 'DE', hasSigned: true },
    { name: 'Alpine Cloud Partner AG', mpnId: '6012346', location: 'CH', hasSigned: true },
    { name: 'Zaudernd Handel GmbH', mpnId: '6012399', location: 'AT', hasSigned: false },
    { name: 'Somebody Else Ltd', mpnId: '6099999', location: 'GB', hasSigned: true, isStranger: true },
  ]
  for (const reseller of seeded)
    addReseller(world, { ...reseller, id: guidOf(world.seed, 'reseller', reseller.mpnId) })
}

export function addReseller(world: World, reseller: Reseller): void {
  world.store.save('reseller', reseller.id, reseller)
}

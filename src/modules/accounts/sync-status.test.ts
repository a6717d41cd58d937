import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InstanceId } from '#kernel/ids.ts'
import { type SyncState, syncState } from './sync-status.ts'

const [germany, france] = ['germany', 'france'] as InstanceId[]
const at = (instanceId: InstanceId | undefined, state: SyncState) => ({
  instanceId: instanceId as InstanceId,
  state,
})

test('an account is synchronized when every instance knows it', () => {
  assert.equal(syncState([]), 'unsynchronised')
  assert.equal(syncState([at(germany, 'synchronized')]), 'synchronized')
  assert.equal(syncState([at(germany, 'synchronized')], [germany, france] as InstanceId[]), 'unsynchronised')
  assert.equal(syncState([at(germany, 'synchronized'), at(france, 'failed')]), 'failed')
  assert.equal(syncState([at(germany, 'synchronizing'), at(france, 'failed')]), 'synchronizing')
})

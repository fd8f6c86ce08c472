import { expect, it } from 'vitest'
import { isPrivateAddress } from './private-address'

it.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '::1',
  'fd00::1',
  '::ffff:10.0.0.1',
  '::ffff:a00:1',
  '64:ff9b::a00:1',
  '224.0.0.1',
  '255.255.255.255',
])('%s is of one’s own network', (address) => expect(isPrivateAddress(address)).toBe(true))
it.each(['1.1.1.1', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) =>
  expect(isPrivateAddress(address)).toBe(false),
)

import { graphql } from '../graphql.ts';

export const DeviceRequestQuery = graphql(`
  query DeviceRequest($userCode: String!) {
    deviceRequest(userCode: $userCode) {
      userCode
      name
      address
      requestedAt
    }
  }
`);

export const ApproveDeviceMutation = graphql(`
  mutation ApproveDevice($input: ApproveDeviceInput!) {
    approveDevice(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export const DenyDeviceMutation = graphql(`
  mutation DenyDevice($input: DenyDeviceInput!) {
    denyDevice(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

/** What an endpoint's secret is sealed for: it opens for no other endpoint, nor in another organization. */
export function purposeOf(organizationId: string, endpointId: string): string {
  return `webhook endpoint ${organizationId} ${endpointId}`;
}

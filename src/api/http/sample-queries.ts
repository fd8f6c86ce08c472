/** What GraphiQL shows first; a test asks every one of them. */
export const sampleQueries = `# Subledger: who was first, and what proves it.
# Every query takes at: {height: …} and answers as an indexer that stopped there would.

query WhoWasFirst {
  firstSubmissions(netuid: 122, first: 10) {
    totalCount
    provenance { height blockHash logs { log netuid size root } }
    nodes {
      hotkey uid lineage contentHash
      commit { height blockHash blockTime extrinsicIndex seq }
      reveal { height blockHash }
      evidence { seq type height leafHash }
    }
  }
}

query IsItValid {
  commitmentValidity(netuid: 122, hotkey: "5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM", content: "hello") {
    status
    explanation
    evidence { seq type height leafHash }
  }
}

query WhatWasCommitted {
  commitments(netuid: 122, last: 10) {
    totalCount
    nodes { height hotkey uid kind state text hex contentHash current revealHeight }
  }
}

query WhoHoldsWhat {
  metagraph(netuid: 122) {
    height
    neurons { uid hotkey coldkey registeredAt validatorPermit commitment { text height } }
  }
}

query WhoMayValidate {
  validatorPermits(netuid: 122, last: 20) {
    totalCount
    nodes { uid hotkey fromHeight toHeight source endReason seq }
  }
}

query WhoSetWhichWeights {
  weightSets(netuid: 122, last: 5) {
    nodes { hotkey uid setHeight source weights { uid hotkey u16 } }
  }
}

query HowFar {
  status { indexedHeight chainHeight lagBlocks logs { log netuid size root } version }
}

subscription Live {
  newEvents(netuid: 122) { seq type height payload }
}
`

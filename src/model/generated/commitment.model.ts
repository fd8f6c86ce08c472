import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, StringColumn as StringColumn_, BigIntColumn as BigIntColumn_, DateTimeColumn as DateTimeColumn_} from "@subsquid/typeorm-store"

/**
 * Every commitment ever made, one row a commit; valid until the same hotkey's next commit. Its fields as on chain stand in the event fromSeq; text is decoded from content and plaintext where it is shown. id = netuid-height-eventIndex. Projection `commitments`.
 */
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Index_(["hotkey", "netuid", "validFrom", "fromSeq"], {unique: false})
@Index_(["uid", "netuid", "validFrom", "fromSeq"], {unique: false})
@Index_(["contentHash", "netuid", "subnetInstance", "fromSeq"], {unique: false})
@Index_(["revealedHash", "netuid", "subnetInstance", "fromSeq"], {unique: false})
@Entity_()
export class Commitment {
    constructor(props?: Partial<Commitment>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    /**
     * 0, 1, 2, … within the netuid: the ordinal of the last row at a height, plus one, is the total count there
     */
    @IntColumn_({nullable: false})
    ordinal!: number

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    /**
     * uid held at the commit, null when none
     */
    @IntColumn_({nullable: true})
    uid!: number | undefined | null

    @BytesColumn_({nullable: false})
    lineage!: Uint8Array

    /**
     * PLAIN | TIMELOCKED
     */
    @StringColumn_({nullable: false})
    kind!: string

    /**
     * exact bytes of all readable (not timelocked) fields, concatenated; null: no readable field
     */
    @BytesColumn_({nullable: true})
    content!: Uint8Array | undefined | null

    /**
     * SHA-256 of content
     */
    @BytesColumn_({nullable: true})
    contentHash!: Uint8Array | undefined | null

    /**
     * drand round at which the first timelocked field opens
     */
    @BigIntColumn_({nullable: true})
    revealRound!: bigint | undefined | null

    /**
     * call: read from the call's arguments; storage: from CommitmentOf at that block; unavailable
     */
    @StringColumn_({nullable: false})
    source!: string

    @IntColumn_({nullable: true})
    extrinsicIndex!: number | undefined | null

    @IntColumn_({nullable: true})
    eventIndex!: number | undefined | null

    @BytesColumn_({nullable: false})
    blockHash!: Uint8Array

    @DateTimeColumn_({nullable: false})
    blockTime!: Date

    /**
     * PLAIN | PENDING | REVEALED | CANCELLED (committed anew, or the subnet was dissolved, before the reveal)
     */
    @StringColumn_({nullable: false})
    state!: string

    /**
     * block of CommitmentRevealed; the reveal columns are of the first reveal of this commit
     */
    @IntColumn_({nullable: true})
    revealHeight!: number | undefined | null

    @IntColumn_({nullable: true})
    revealEventIndex!: number | undefined | null

    @IntColumn_({nullable: true})
    revealSeq!: number | undefined | null

    @BytesColumn_({nullable: true})
    revealBlockHash!: Uint8Array | undefined | null

    @DateTimeColumn_({nullable: true})
    revealBlockTime!: Date | undefined | null

    /**
     * exact; null after a reveal: the node no longer held it
     */
    @BytesColumn_({nullable: true})
    plaintext!: Uint8Array | undefined | null

    /**
     * SHA-256 of plaintext
     */
    @BytesColumn_({nullable: true})
    revealedHash!: Uint8Array | undefined | null

    /**
     * superseded | dissolved; null: the hotkey's latest
     */
    @StringColumn_({nullable: true})
    endReason!: string | undefined | null

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}

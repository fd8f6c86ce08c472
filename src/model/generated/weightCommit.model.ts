import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, StringColumn as StringColumn_, BigIntColumn as BigIntColumn_, DateTimeColumn as DateTimeColumn_} from "@subsquid/typeorm-store"

/**
 * A commit of hidden weights and what became of it; valid (pending) until revealed or expired. id = netuid-height-eventIndex. Projection `weight_commits`.
 */
@Index_(["hotkey", "netuid", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class WeightCommit {
    constructor(props?: Partial<WeightCommit>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    @IntColumn_({nullable: false})
    ordinal!: number

    @IntColumn_({nullable: false})
    mechanism!: number

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    @IntColumn_({nullable: true})
    uid!: number | undefined | null

    /**
     * hash | crv3 | timelocked
     */
    @StringColumn_({nullable: false})
    kind!: string

    @BytesColumn_({nullable: false})
    commitHash!: Uint8Array

    @BigIntColumn_({nullable: true})
    revealRound!: bigint | undefined | null

    @IntColumn_({nullable: true})
    extrinsicIndex!: number | undefined | null

    @IntColumn_({nullable: true})
    eventIndex!: number | undefined | null

    @BytesColumn_({nullable: false})
    blockHash!: Uint8Array

    @DateTimeColumn_({nullable: false})
    blockTime!: Date

    /**
     * PENDING | REVEALED | EXPIRED
     */
    @StringColumn_({nullable: false})
    state!: string

    /**
     * revealed | not-revealed-in-time | tenure-ended | hotkey-swapped | subnet-dissolved
     */
    @StringColumn_({nullable: true})
    endReason!: string | undefined | null

    @IntColumn_({nullable: false})
    validFrom!: number

    /**
     * height of the reveal or expiry
     */
    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}

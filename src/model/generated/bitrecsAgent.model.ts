import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, FloatColumn as FloatColumn_, JSONColumn as JSONColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * An accepted artifact: one a hotkey, for ever. Projection `bitrecs_agents` (platform log).
 */
@Index_(["netuid", "hotkey"], {unique: true})
@Index_(["netuid", "agentId"], {unique: true})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class BitrecsAgent {
    constructor(props?: Partial<BitrecsAgent>) {
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

    @StringColumn_({nullable: false})
    agentId!: string

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    /**
     * at the time of submission
     */
    @IntColumn_({nullable: false})
    uid!: number

    @StringColumn_({nullable: false})
    name!: string

    @StringColumn_({nullable: false})
    provider!: string

    @StringColumn_({nullable: false})
    model!: string

    @FloatColumn_({nullable: false})
    temperature!: number

    /**
     * SHA-256 of the content, kept beside the log
     */
    @StringColumn_({nullable: false})
    contentSha256!: string

    /**
     * SHA-256 of what artifacts are compared by
     */
    @StringColumn_({nullable: false})
    textSha256!: string

    @StringColumn_({nullable: false})
    commitment!: string

    /**
     * block at which the commitment became public
     */
    @IntColumn_({nullable: false})
    revealHeight!: number

    @IntColumn_({nullable: true})
    commitHeight!: number | undefined | null

    /**
     * number of the reveal in the chain log
     */
    @IntColumn_({nullable: false})
    commitmentSeq!: number

    /**
     * {leafHash, size, root, hashes}: shows that the chain log holds it
     */
    @JSONColumn_({nullable: true})
    proof!: unknown | undefined | null

    @StringColumn_({nullable: false})
    requestId!: string

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    submittedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}

import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A state of an artifact. Projection `bitrecs_agent_status`.
 */
@Index_(["netuid", "validFrom", "fromSeq", "ordinal"], {unique: false})
@Index_(["netuid", "agentId", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class BitrecsAgentStatus {
    constructor(props?: Partial<BitrecsAgentStatus>) {
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

    @StringColumn_({nullable: false})
    status!: string

    /**
     * what decided it, in numbers
     */
    @StringColumn_({nullable: false})
    reason!: string

    @BigIntColumn_({nullable: false})
    atMs!: bigint

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

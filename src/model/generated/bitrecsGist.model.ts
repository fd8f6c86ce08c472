import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_} from "@subsquid/typeorm-store"

/**
 * The gist of an accepted artifact: one gist, one artifact, for ever. Projection `bitrecs_agents` (platform log).
 */
@Index_(["netuid", "gistId"], {unique: true})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class BitrecsGist {
    constructor(props?: Partial<BitrecsGist>) {
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
    gistId!: string

    @StringColumn_({nullable: false})
    agentId!: string

    @StringColumn_({nullable: false})
    account!: string

    /**
     * as GitHub says, in Python's isoformat
     */
    @StringColumn_({nullable: false})
    createdAt!: string

    @StringColumn_({nullable: false})
    commitSha!: string

    @StringColumn_({nullable: false})
    sha256!: string

    @IntColumn_({nullable: false})
    bytes!: number

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
